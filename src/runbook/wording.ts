import { mendMojibake } from './mojibake.ts';

interface Wordy {
  readonly type: string;
  readonly value?: string;
  readonly alt?: string | null;
  readonly children?: readonly unknown[];
}

/** The words of a node as a reader sees them: no markup, one line, mis-decoded signs mended. */
export function plainText(node: unknown): string {
  const words: string[] = [];
  const open: unknown[] = [node];
  while (open.length > 0) {
    const next = open.pop() as Wordy;
    if (next.type === 'text' || next.type === 'inlineCode') words.push(next.value ?? '');
    else if (next.type === 'image') words.push(next.alt ?? '');
    else if (next.type === 'break') words.push(' ');
    // `<host>` between words is a tag to Markdown, and a place to fill in to its author.
    else if (next.type === 'html' && isNoElement(next.value ?? '')) words.push(next.value ?? '');
    if (next.children) for (let at = next.children.length - 1; at >= 0; at--) open.push(next.children[at]);
  }
  return mendMojibake(words.join('').replace(/\s+/g, ' ').trim());
}

const elements = new Set(
  `a abbr address article aside audio b big blockquote body br button canvas caption center cite code col colgroup dd del
  details dfn div dl dt em embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe
  img input ins kbd label legend li link main mark meta nav ol optgroup option p picture pre q s samp section select small
  source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead title tr tt u ul var
  video wbr`.split(/\s+/),
);

/** True for `<host>` and `<script>`, which are said and not drawn. */
function isNoElement(tag: string): boolean {
  const name = /^<\/?([A-Za-z][\w-]*)(?:[ _./:-]?[\w-]+){0,6}>$/.exec(tag)?.[1];
  return name !== undefined && !tag.startsWith('</') && tag.length < 80 && !elements.has(name.toLowerCase());
}

/** A slug of letters with their marks, digits and hyphens, at most 48 characters, never empty. */
export function slug(text: string): string {
  const made = text
    .normalize('NFKD')
    // Accents only: in other scripts a mark may make another letter.
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/['’]/g, '')
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  if (made.length <= 48) return made || 'untitled';
  const short = made.slice(0, 49);
  return short.slice(0, Math.max(short.lastIndexOf('-'), 24)).replace(/-+$/, '');
}

/** Gives out each name once: the second time it comes with `-2`, the third with `-3`. */
export type Names = (wanted: string) => string;

export function newNames(): Names {
  const taken = new Set<string>();
  const next = new Map<string, number>();
  return (wanted) => {
    let name = wanted;
    let count = next.get(wanted) ?? 1;
    while (taken.has(name)) name = `${wanted}-${++count}`;
    next.set(wanted, count);
    taken.add(name);
    return name;
  };
}

/** The first sentence of a text, at most `most` characters, cut at a word. */
export function shorten(text: string, most = 80): string {
  const trimmed = text.replace(/[\s:]+$/, '').trim();
  if (trimmed.length <= most) return trimmed;
  const sentence = /^.{8,}?[.!?](?=\s)/.exec(trimmed)?.[0];
  if (sentence && sentence.length <= most) return sentence.replace(/\.$/, '');
  const short = trimmed.slice(0, most);
  return `${short.slice(0, Math.max(short.lastIndexOf(' '), most / 2)).trimEnd()}…`;
}

const imperatives = new Set(
  `abort access accept acknowledge activate add adjust allow alert analyse analyze announce apply approve archive assess assign attach attempt audit automate
  await back backup begin block boot bring build bump call cancel change check choose clean clear click clone close collect commit
  communicate compare complete configure confirm connect consider contact continue convert copy cordon create decide declare decommission decompress decrease define delete
  deploy describe destroy detach determine disable disconnect discuss document double-check download drain drop edit email enable encrypt
  ensure enter escalate estimate evaluate examine execute exit expand export extract fail failover fetch figure file fill find finish fix flush follow
  force generate get give go grab grant identify implement import increase inform initiate insert inspect install investigate isolate issue
  join keep kill launch leave let list locate lock log login look make manually map mark merge migrate modify monitor mount move navigate
  notify note observe obtain open paste patch pause perform pick ping place point post prepare press prevent promote provide provision pull push put query raise
  reach read reboot rebuild recover recreate redeploy reduce refresh reload remove rename reopen repeat replace replay report request
  reset resize resolve restart restore resume retrieve retry return revert review revoke roll rollback rotate run save scale schedule
  scroll search secure select send set setup shut sign silence skip snapshot speak spin ssh start stop submit switch sync tag take tear tell terminate test
  toggle trigger truncate try turn type uncheck undo uninstall unlock unmount untar unzip update upgrade upload use validate verify view visit wait watch
  write`
    .split(/\s+/)
    .filter(Boolean),
);

/** True where a text asks a person to do something: it starts with a known verb, or leads through a menu with arrows. */
export function asksToDo(text: string): boolean {
  if (/[\p{L})"'”\]]\s*(?:→|➜|⇒|➔|->|=>|»)\s*["'“([]?\p{L}/u.test(text) && !/[`$|]/.test(text)) return true;
  const lead = text
    .replace(/^[^\p{L}\p{N}`]+/u, '')
    .replace(
      /^(?:please|now|then|next|first|second|finally|optionally|carefully|immediately|also|always|do not|don't|never|in \w+ dashboard,?|to \w+[^,]{0,40},|(?:if|when|once|after|unless|until)\s[^,.:]{2,70},(?:\s*(?:then|please))?)\s+/i,
      '',
    );
  const word = /^[\p{L}-]+/u.exec(lead)?.[0]?.toLowerCase() ?? '';
  if (/^(do not|don't)\b/i.test(text.replace(/^[^\p{L}]+/u, ''))) return true;
  return imperatives.has(word) && !/^\S+\s*:\s/.test(lead);
}
