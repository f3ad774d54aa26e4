/** Shorter values are not masked by themselves: they would blank out half of every output. */
const shortestSecret = 3;
const shortestLine = 6;

/**
 * The ways in which a value can stand in an output, as latin1 texts of their UTF-8 bytes: itself, URL-encoded, escaped
 * for JSON, quoted for a shell or for SQL, in base64 and in hexadecimal digits, and line by line where it has several. None for a value too short to mean anything.
 */
export function formsOf(secret: string): string[] {
  if (secret.trim().length < shortestSecret) return [];
  const forms = [secret, ...written(secret)];
  const lines = secret.split(/\r?\n/);
  if (lines.length > 1)
    forms.push(...lines.map((line) => line.trim()).filter((line) => line.length >= shortestLine));
  return forms.map((form) => Buffer.from(form, 'utf8').toString('latin1'));
}

function written(secret: string): string[] {
  const url = encodeURIComponent(secret.toWellFormed());
  const json = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [url, url.replaceAll('%20', '+'), lowerEscapes(url), json, json.replaceAll('/', '\\/')];
  // As `set -x` and `printf %q` of bash write it, and as a statement of SQL has it.
  forms.push(secret.replaceAll("'", "'\\''"), secret.replace(/[\s'"\\|&;()<>!{}*[\]?^$`,]/g, '\\$&'));
  forms.push(secret.replaceAll("'", "''"));
  if (bytes.length >= 6) {
    forms.push(bytes.toString('base64'), bytes.toString('base64url'));
    forms.push(bytes.toString('hex'), bytes.toString('hex').toUpperCase());
  }
  // Inside a longer base64 text, such as `user:password` of basic authorization, the value begins at any of three offsets.
  if (bytes.length >= 9) for (const offset of [0, 1, 2]) forms.push(...coresOf(bytes, offset));
  return forms.filter((form) => form.length >= shortestSecret);
}

/** The part of a base64 text that depends on nothing but the value, where the value begins `offset` bytes after a group. */
function coresOf(bytes: Buffer, offset: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
  const first = offset === 0 ? 0 : 4;
  const last = Math.floor(padded.length / 3) * 4;
  return (['base64', 'base64url'] as const).map((encoding) => padded.toString(encoding).slice(first, last));
}

function lowerEscapes(url: string): string {
  return url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}
