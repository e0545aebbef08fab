const shortestMasked = 4;
const shortestLine = 16;

/**
 * Replaces secrets in a text that came from outside, in the forms in which a server echoes them; so are private keys and long runs
 * of base64, also where they go over several lines.
 */
export function maskSecrets(text: string, secrets: readonly (string | undefined)[]): string {
  const forms = secrets
    .filter((secret) => secret !== undefined)
    .flatMap(formsOf)
    .filter((form) => form.length >= shortestMasked)
    .sort((a, b) => b.length - a.length);
  // A host or a media type comes in lower case.
  const masked = forms.reduce((rest, form) => rest.replaceAll(new RegExp(escaped(form), 'gi'), '•••'), text);
  return masked
    .replace(/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*-----|$)/g, '•••')
    .replace(/[\w+/-]{80,}={0,2}|(?:[\w+/-]{40,}={0,2}(?:\s|\\[rn])+)+[\w+/-]{2,}={0,2}/g, '•••');
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ x: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    // A key in PEM may come back line by line, or without its line ends.
    ...(secret.includes('\n')
      ? secret.split(/\r?\n/).filter((line) => line.length >= shortestLine && !line.startsWith('-----'))
      : []),
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}-]/g, '\\$&');
}
