/** A shape in which secrets are known to appear; the named group `secret` is what is masked. */
export interface Shape {
  readonly pattern: RegExp;
}

/**
 * Shapes of secrets that nobody has to declare. All but the key block stay within a line. The prefixes are those that
 * the providers document (AWS, GitHub, GitLab, Slack, Stripe, npm, SendGrid, JSON Web Tokens by RFC 7519).
 */
export const shapes: readonly Shape[] = [
  // user:password@ in a URL (RFC 3986, 3.2.1)
  { pattern: /:\/\/[^\s/?#:@'"<>]*:(?<secret>[^\s/@'"<>]+)@/g },
  // NAME=value, in a shell, an environment listing or a libpq connection string
  {
    pattern:
      /\b[A-Za-z0-9_]*(?:passw(?:or)?d|secret|token|api_?key|secret_access_key|private_key)\b["']?\s?[=]\s?(?:"(?<secret>[^"\n$]+)"|'(?<secret>[^'\n$]+)'|(?<secret>[^\s"'$&;,)<>]+))/gi,
  },
  // "password": "value", in JSON
  {
    pattern:
      /"[A-Za-z0-9_]*(?:passw(?:or)?d|secret|token|api_?key|access_?key)"\s?:\s?"(?<secret>(?:[^"\\\n]|\\.)+)"/gi,
  },
  {
    pattern: /\bauthorization["']?\s?[:=]\s?["']?(?:basic|bearer|token|digest)?\s?(?<secret>[^\s"',]{6,})/gi,
  },
  { pattern: /\bbearer (?<secret>[A-Za-z0-9._~+/=-]{8,})/gi },
  { pattern: /\b(?<secret>(?:AKIA|ASIA)[A-Z0-9]{16})\b/g },
  { pattern: /\b(?<secret>gh[pousr]_[A-Za-z0-9]{20,})/g },
  { pattern: /\b(?<secret>github_pat_[A-Za-z0-9_]{20,})/g },
  { pattern: /\b(?<secret>glpat-[A-Za-z0-9_-]{16,})/g },
  { pattern: /\b(?<secret>xox[a-z]-[A-Za-z0-9-]{8,})/g },
  { pattern: /\b(?<secret>[rs]k[-_](?:live_|test_|proj-|ant-)?[A-Za-z0-9_-]{16,})/g },
  { pattern: /\b(?<secret>npm_[A-Za-z0-9]{30,})/g },
  { pattern: /\b(?<secret>SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})/g },
  { pattern: /\b(?<secret>eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+)/g },
  { pattern: /hooks\.slack\.com\/services\/(?<secret>[A-Za-z0-9/_-]+)/g },
  { pattern: /discord(?:app)?\.com\/api\/webhooks\/(?<secret>[A-Za-z0-9/_-]+)/g },
  {
    pattern:
      /-----BEGIN [A-Z ]*PRIVATE KEY-----(?<secret>[\s\S]*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$(?![\s\S]))/g,
  },
];

/** Matches somewhere in every text in which any shape can match: a text without it need not be looked at further. */
export const anchor =
  /:\/\/|assw|ASSW|ecret|ECRET|oken|OKEN|[pP][iI]_?[kK][eE][yY]|_key|_KEY|[cC]ess[kK]ey|orization|ORIZATION|earer |EARER |AKIA|ASIA|gh[pousr]_|github_pat|glpat-|xox[a-z]-|[rs]k[-_]|npm_|SG\.|eyJ|hooks\.sl|webhooks|-----BEGIN/;

/** An anchored word that goes on to the end of the text: the rest of it may be in the next chunk. */
export const unfinished =
  /(?::\/\/[^\s/?#@'"<>]*|(?:[A-Za-z0-9_]*(?:passw(?:or)?d|secret|token|api_?key|access_?key|private_key)|authorization)["']?\s?[:=]\s?(?:"[^"\n]*|'[^'\n]*|(?:basic|bearer|token|digest)?\s?[^\s"'&;,)<>]*)|bearer [A-Za-z0-9._~+/=-]*|(?:AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|[rs]k[-_]|npm_|SG\.|eyJ|hooks\.slack\.com\/services\/|\/api\/webhooks\/)[A-Za-z0-9._/-]*)$/i;
