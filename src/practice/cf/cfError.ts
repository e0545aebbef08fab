/** An answer of Cloud Foundry other than success. */
export class CfError extends Error {
  constructor(
    readonly status: number,
    readonly code: number,
    readonly title: string,
    readonly detail: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.name = 'CfError';
  }

  get json(): unknown {
    return { errors: [{ code: this.code, title: this.title, detail: this.detail }] };
  }
}

export function unprocessable(detail: string): CfError {
  return new CfError(422, 10008, 'CF-UnprocessableEntity', detail);
}

export function notFound(what: string): CfError {
  return new CfError(404, 10010, 'CF-ResourceNotFound', `${what} not found`);
}

export function notAuthorized(): CfError {
  return new CfError(
    403,
    10003,
    'CF-NotAuthorized',
    'You are not authorized to perform the requested action',
  );
}

export function badQuery(detail: string): CfError {
  return new CfError(400, 10005, 'CF-BadQueryParameter', `The query parameter is invalid: ${detail}`);
}

export function inProgress(name: string): CfError {
  return new CfError(
    409,
    60016,
    'CF-AsyncServiceInstanceOperationInProgress',
    `An operation for service instance ${name} is in progress.`,
  );
}
