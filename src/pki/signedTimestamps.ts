import * as l10n from '@vscode/l10n';
import * as asn1 from './asn1.js';
import { type DescriptionField, field, heading, octets, utcTime } from './description.js';

/** RFC 5246 7.4.1.4.1. */
const hashes: readonly string[] = ['none', 'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const signatures: readonly string[] = ['anonymous', 'rsa', 'dsa', 'ecdsa'];

/** The list of RFC 6962 3.3, from what the extension's OCTET STRING holds; throws `malformed`. */
export function signedTimestampFields(value: Uint8Array): readonly DescriptionField[] {
  const list = new TlsReader(asn1.readOctetString(asn1.readAsn1(value), 'Signed certificate timestamps'));
  const entries = new TlsReader(list.vector());
  list.end();
  const fields: DescriptionField[] = [];
  while (!entries.atEnd) {
    fields.push(timestampField(entries.vector()));
  }
  return fields;
}

function timestampField(bytes: Uint8Array): DescriptionField {
  const label = l10n.t('Timestamp');
  const reader = new TlsReader(bytes);
  const version = reader.number(1);
  if (version !== 0n) {
    // RFC 6962 3.3: what is of a later version is skipped, not refused.
    return field(label, octets(bytes), {
      problem: l10n.t('Version {0} is not known.', String(version + 1n)),
    });
  }
  const log = reader.take(32);
  const milliseconds = Number(reader.number(8));
  const extensions = reader.vector();
  const hash = Number(reader.number(1));
  const algorithm = Number(reader.number(1));
  const signature = reader.vector();
  reader.end();
  return heading(label, [
    field(l10n.t('Version'), '1'),
    field(l10n.t('Log'), octets(log)),
    field(l10n.t('Time'), timeText(milliseconds)),
    ...(extensions.length === 0 ? [] : [field(l10n.t('Extensions'), octets(extensions))]),
    field(
      l10n.t('Signature algorithm'),
      `${signatures[algorithm] ?? String(algorithm)}-with-${hashes[hash] ?? String(hash)}`,
    ),
    field(l10n.t('Signature'), octets(signature)),
  ]);
}

function timeText(milliseconds: number): string {
  return milliseconds > 8.64e15 ? String(milliseconds) : utcTime(new Date(milliseconds));
}

/** Reads the data types of TLS (RFC 5246 4). */
class TlsReader {
  private position = 0;

  constructor(private readonly data: Uint8Array) {}

  get atEnd(): boolean {
    return this.position === this.data.length;
  }

  take(count: number): Uint8Array {
    const end = this.position + count;
    if (end > this.data.length) {
      throw asn1.malformed('Signed certificate timestamps that end too early');
    }
    const taken = this.data.subarray(this.position, end);
    this.position = end;
    return taken;
  }

  number(octetCount: number): bigint {
    return BigInt(`0x${asn1.toHex(this.take(octetCount))}`);
  }

  /** A vector with its length in two octets. */
  vector(): Uint8Array {
    return this.take(Number(this.number(2)));
  }

  end(): void {
    if (!this.atEnd) {
      throw asn1.malformed('Something follows the signed certificate timestamps');
    }
  }
}
