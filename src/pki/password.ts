/** A password as the two families of formats take it. */
export interface PasswordForm {
  /** Two octets a character and two zero octets at the end (RFC 7292 appendix B.1). */
  readonly wide: Uint8Array;
  /** One sequence of octets (RFC 8018). */
  readonly octets: Uint8Array;
}

/**
 * The ways in which programs have written this password into files, the standard's own first. `undefined` is no password,
 * which some take for the empty one and others for nothing at all, zero octets included; so the empty password has both forms.
 */
export function passwordForms(password: string | undefined): readonly [PasswordForm, ...PasswordForm[]] {
  const text = password ?? '';
  const octets = new TextEncoder().encode(text);
  const standard = { wide: wide(text), octets };
  if (text === '') {
    return [standard, { wide: new Uint8Array(0), octets }];
  }
  if (octets.length === text.length) {
    return [standard];
  }
  const latin1 = Uint8Array.from(Buffer.from(text, 'latin1'));
  const isLatin1 = Buffer.from(latin1).toString('latin1') === text;
  return [
    standard,
    // OpenSSL before 1.1 widened each octet of what the terminal sent.
    { wide: wide(Buffer.from(octets).toString('latin1')), octets },
    ...(isLatin1 ? [{ wide: wide(text), octets: latin1 }] : []),
  ];
}

function wide(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(`${text}\0`, 'utf16le').swap16());
}
