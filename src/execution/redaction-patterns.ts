/** A shape in which secrets are known to appear. */
export interface Shape {
  /**
   * One of these stands in every text that the pattern matches, before what is masked or at its beginning. Looking for
   * plain strings is an order of magnitude faster than the pattern.
   */
  readonly anchors: readonly string[];
  /** The anchors are in lower case and stand for both. */
  readonly anyCase?: true;
  /** This stands in every text that the pattern matches, too. */
  readonly also?: string;
  /** The named group `secret` is what is masked. */
  readonly pattern: RegExp;
  /** Matches the end of a line in which the shape has begun and may go on in the next chunk. */
  readonly begun?: RegExp;
}

const value = String.raw`(?:"(?<secret>[^"\n$]+)"|'(?<secret>[^'\n$]+)'|(?<secret>[^\s"'$&;,)<>]+))`;
const names = 'passw(?:or)?d|secret|token|api_?key|access_?key|private_?key';
/** `passwd`, `password`; `secret`; `token`; and what may stand before `key`, with and without the low line. */
const nameAnchors = ['passw', 'secret', 'token', '_key', 'ikey', 'skey', 'ekey'];

/** A token that its prefix tells: the prefix anchors it, and it ends with its characters. */
function token(anchors: readonly string[], pattern: string, rest = '[A-Za-z0-9_-]*'): Shape {
  // The last character is punctuation in most prefixes, and rarer than any letter.
  const last = new Set(anchors.map((anchor) => anchor.at(-1)!));
  const [also] = last.size === 1 ? last : [];
  const begun = anchors.map((anchor) => anchor.replaceAll('.', '\\.')).join('|');
  return {
    anchors,
    ...(also === undefined ? {} : { also }),
    pattern: new RegExp(`\\b(?<secret>${pattern})`, 'g'),
    begun: new RegExp(`(?:${begun})${rest}$`),
  };
}

/**
 * Shapes of secrets that nobody has to declare. All but the key block stay within a line. The prefixes are those that
 * the providers document (AWS, GitHub, GitLab, Slack, Stripe, npm, SendGrid, JSON Web Tokens by RFC 7519).
 */
export const shapes: readonly Shape[] = [
  // user:password@ in a URL (RFC 3986, 3.2.1)
  {
    anchors: ['://'],
    also: '@',
    pattern: /:\/\/[^\s/?#:@'"<>]*:(?<secret>[^\s/@'"<>]+)@/g,
    begun: /:\/\/[^\s/?#@'"<>]*$/,
  },
  // NAME=value, in a shell, an environment listing, a configuration file or a libpq connection string
  {
    anchors: nameAnchors,
    anyCase: true,
    also: '=',
    pattern: new RegExp(String.raw`(?:${names})["']?\s?=\s?${value}`, 'gi'),
    begun: new RegExp(String.raw`(?:${names})["']?\s?=\s?(?:"[^"\n]*|'[^'\n]*|[^\s"'&;,)<>]*)$`, 'i'),
  },
  // "password": "value", in JSON
  {
    anchors: nameAnchors,
    anyCase: true,
    also: '"',
    pattern: new RegExp(String.raw`(?:${names})"\s?:\s?"(?<secret>(?:[^"\\\n]|\\.)+)"`, 'gi'),
    begun: new RegExp(String.raw`(?:${names})"\s?:\s?"(?:[^"\\\n]|\\.)*\\?$`, 'i'),
  },
  {
    anchors: ['authorization'],
    anyCase: true,
    pattern: /authorization["']?\s?[:=]\s?["']?(?:(?:basic|bearer|token|digest)\s)?(?<secret>[^\s"',]{6,})/gi,
    begun: /authorization["']?\s?[:=]\s?["']?(?:(?:basic|bearer|token|digest)\s)?[^\s"',]*$/i,
  },
  {
    anchors: ['bearer '],
    anyCase: true,
    pattern: /\bbearer (?<secret>[A-Za-z0-9._~+/=-]{8,})/gi,
    begun: /\bbearer [A-Za-z0-9._~+/=-]*$/i,
  },
  token(['AKIA', 'ASIA'], '(?:AKIA|ASIA)[A-Z0-9]{16}', '[A-Z0-9]*'),
  token(['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 'gh[pousr]_[A-Za-z0-9]{20,}'),
  token(['github_pat_'], 'github_pat_[A-Za-z0-9_]{20,}'),
  token(['glpat-'], 'glpat-[A-Za-z0-9_-]{16,}'),
  token(['xoxa-', 'xoxb-', 'xoxe-', 'xoxo-', 'xoxp-', 'xoxr-', 'xoxs-'], 'xox[a-z]-[A-Za-z0-9-]{8,}'),
  token(['sk-'], 'sk-[A-Za-z0-9_-]{16,}'),
  token(['sk_', 'rk_'], '[rs]k_[A-Za-z0-9_-]{16,}'),
  token(['npm_'], 'npm_[A-Za-z0-9]{30,}'),
  token(['SG.'], 'SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}', '[A-Za-z0-9._-]*'),
  token(['eyJ'], 'eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+', '[A-Za-z0-9._-]*'),
  {
    anchors: ['hooks.slack.com/services/', '/api/webhooks/'],
    pattern:
      /(?:hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks)\/(?<secret>[A-Za-z0-9/_-]+)/g,
    begun: /(?:hooks\.slack\.com\/services|\/api\/webhooks)\/[A-Za-z0-9/_-]*$/,
  },
  {
    anchors: ['-----BEGIN '],
    pattern:
      /-----BEGIN [A-Z ]*PRIVATE KEY-----(?<secret>[\s\S]*?)(?:-----END [A-Z ]*PRIVATE KEY-----|$(?![\s\S]))/g,
  },
];

/**
 * The shapes that a latin1 text can hold at all; with `begun` those that it can begin, of which the end may not have come
 * yet.
 */
export function possibleShapes(text: string, { begun = false } = {}): readonly Shape[] {
  const lower = text.toLowerCase();
  return shapes.filter(
    ({ anchors, anyCase, also }) =>
      (begun || also === undefined || text.includes(also)) &&
      anchors.some((anchor) => (anyCase ? lower : text).includes(anchor)),
  );
}
