import { randomBytes } from 'node:crypto';

/** The page's frame; its content is built by the script out of a snapshot. */
export function pageHtml(options: {
  readonly title: string;
  readonly language: string;
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
}): string {
  const nonce = randomBytes(18).toString('base64url');
  const csp = `default-src 'none'; style-src ${options.cspSource}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(options.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(csp)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${escapeHtml(options.styleUri)}">
<title>${escapeHtml(options.title)}</title>
</head>
<body>
<main id="page"></main>
<p id="live" class="live" aria-live="polite"></p>
<script nonce="${nonce}" src="${escapeHtml(options.scriptUri)}"></script>
</body>
</html>`;
}

/** Text for an attribute or an element. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
