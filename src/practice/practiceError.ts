/** An answer other than success, in the shape of the tenant's OData error. */
export class PracticeError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** The whole body where it is not the usual error. */
    readonly body?: unknown,
  ) {
    super(message);
    this.name = 'PracticeError';
  }
}

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  423: 'Locked',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

/** The error body as the tenant's OData library writes it; its code is the reason phrase. */
export function errorBody(status: number, message: string): unknown {
  return { error: { code: phrases[status] ?? 'Error', message: { lang: 'en', value: message } } };
}
