const shortestMasked = 4;

/** Replaces secrets in a text that came from outside, in the forms in which a server echoes them; so are private keys and long runs of base64. */
export function maskSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  const forms = secrets
    .filter((secret) => secret !== undefined && secret.length >= shortestMasked)
    .flatMap((secret) =>
      secret === undefined ? [] : [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)],
    )
    .sort((a, b) => b.length - a.length);
  const masked = forms.reduce((rest, form) => rest.replaceAll(form, '•••'), text);
  return masked
    .replace(/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*-----|$)/g, '•••')
    .replace(/[A-Za-z0-9+/_-]{80,}={0,2}/g, '•••');
}
