/** A secret in a text. The text of the secret itself is never repeated. */
export interface SecretSign {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

const tokens: readonly (readonly [RegExp, string])[] = [
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, 'an AWS access key'],
  [/\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{40,}\b/g, 'a GitHub token'],
  [/\bglpat-[\w-]{20,}\b/g, 'a GitLab token'],
  [/\bxox[abposr]-[\w-]{10,}\b/g, 'a Slack token'],
  [/\bhttps:\/\/hooks\.slack\.com\/services\/T\w{6,}\/B\w{6,}\/\w{16,}/g, 'a Slack webhook'],
  [/\b[sr]k_live_[A-Za-z0-9]{16,}\b/g, 'a Stripe key'],
  [/\bSG\.[\w-]{20,}\.[\w-]{30,}\b/g, 'a SendGrid key'],
  [/\bAIza[\w-]{35}\b/g, 'a Google API key'],
  [/\brnd_[A-Za-z0-9]{24,}\b/g, 'a Render API key'],
  [/-----BEGIN (?:RSA |EC |DSA |OPENSSH |PGP )?PRIVATE KEY(?: BLOCK)?-----/g, 'a private key'],
];

const url =
  /\b([a-z][a-z0-9+]{1,20}):\/\/([^\s:/@"'`<>]{0,100}):([^\s@"'`/]{1,200})@([^\s/:"'`?)\]]{1,200})/gi;
const setting =
  /\b(PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH|[A-Z][A-Z0-9_]{0,40}_(?:PASSWORD|PASSWD|SECRET|TOKEN|API_KEY|SECRET_ACCESS_KEY))\s*=\s*(["']?)([^\s"'`;&|]{1,200})\2/g;

/** Words that stand for a value, in documents. */
const standIn =
  /^(?:host(?:name)?|server|address|domain|\S*company\.(?:com|org|net)|db-?host|db_host|endpoint|hostname\S*|your\S*|my-?host|example\S*|\S*\.example(?:\.\w+)?|\S*example\.(?:com|org|net)|ip|<.*|\$.*|\{.*|\[.*|\*.*|x{2,}|\.{3}.*|…|[A-Z][A-Z_]+)$/;
const blankValue =
  /^(?:<.*|\$.*|\{.*|\[.*|\*+|x{3,}|X{3,}|\.{3}.*|…|your\S*|changeme\S*|change[-_]?me|replace\S*|secret|password|passwd|redacted|example\S*|placeholder|dummy|my[-_]?(?:password|secret|token)|\w*_?here|%\w+%?|@\S*|true|false|none|null|file:.*|env:.*)[,;)]?$/i;

/**
 * Passwords in URLs, known kinds of tokens, and settings that carry a value by their name. A URL whose host is a word for
 * a host, or whose password is marked as one to be filled in, is an example. Linear in the text.
 */
export function secretsIn(text: string): readonly SecretSign[] {
  const found: SecretSign[] = [];
  for (const [pattern, what] of tokens)
    for (const match of text.matchAll(pattern))
      if (!/EXAMPLE|X{6,}/i.test(match[0]) || /PRIVATE KEY/.test(match[0]))
        found.push({ start: match.index, end: match.index + match[0].length, what });
  for (const match of text.matchAll(url)) {
    const [whole, scheme = '', , password = '', host = ''] = match;
    if (
      marked(password) ||
      standIn.test(host) ||
      /^(?:some|my|your|db|the)[-_]?(?:host|server)\w*$/i.test(host) ||
      /^(?:ssh|git)$/i.test(scheme)
    )
      continue;
    if (/^(?:password|secret)$/i.test(password) && /^(?:db|postgres|database|redis|mysql|mongo)$/i.test(host))
      continue;
    found.push({ start: match.index, end: match.index + whole.length, what: 'a URL with its password' });
  }
  for (const match of text.matchAll(setting)) {
    const [whole, name, , value = ''] = match;
    if (blankValue.test(value) || /^[A-Z]+(?:_[A-Z]+)*$/.test(value) || value.length < 4) continue;
    found.push({ start: match.index, end: match.index + whole.length, what: `the value of ${name}` });
  }
  return found;
}

function marked(password: string): boolean {
  return (
    /^[<${[*.…%]|^x{3,}$|^your|^changeme|[<>{}]|^[A-Z]+(?:_[A-Z]+)+$|^PASSWORD$|^redacted$/i.test(password) &&
    !/^pass$/i.test(password)
  );
}
