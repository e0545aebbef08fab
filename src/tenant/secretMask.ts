const shortestMasked = 4;

/** Replaces secrets in a text that came from outside, in the forms in which a server echoes them. */
export function maskSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  const forms = secrets
    .filter((secret) => secret !== undefined && secret.length >= shortestMasked)
    .flatMap((secret) => (secret === undefined ? [] : [secret, encodeURIComponent(secret)]))
    .sort((a, b) => b.length - a.length);
  return forms.reduce((masked, form) => masked.replaceAll(form, '•••'), text);
}
