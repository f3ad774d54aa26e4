import { slug } from './wording.ts';

/** Ways that exclude one another, by what they differ in. */
const dimensions: readonly (readonly [string, RegExp])[] = [
  [
    'system',
    /\b(?:mac\s?os(?: ?x)?|osx|mac|ubuntu|debian|linux|windows|unix|rhel|centos|red ?hat|fedora|alpine|rocky|amazon linux|homebrew)\b/gi,
  ],
  [
    'environment',
    /\b(?:production|prod|staging|local(?: dev(?:elopment)?| development)?|development|dev|sandbox|test(?:ing)? environment|on-?prem(?:ises)?)\b/gi,
  ],
  [
    'platform',
    /\b(?:railway|render(?:\.com)?|heroku|cri-?o|containerd|docker(?:[ -]compose)?|kubernetes|k8s|aws(?: rds| s3)?|amazon (?:rds|s3)|rds|gcp|google cloud(?: storage)?|gcs|azure|s3|r2|fly(?:\.io)?|digital ?ocean|supabase|neon|bare metal|systemd|podman|openshift|eks|gke|aks|helm|vm)\b/gi,
  ],
  [
    'format',
    /\b(?:compressed|uncompressed|plain(?: sql| text)?|custom(?: format)?|directory format|tar)\b/gi,
  ],
  ['engine', /\b(?:postgres(?:ql)?|mysql|sqlite|mongodb|redis|mariadb)\b/gi],
  [
    'way',
    /\b(?:dashboard|web console|console|web ui|ui|gui|cli|command[ -]line|api|script|terminal|automatic(?:ally)?|manual(?:ly)?)\b/gi,
  ],
];
const filler =
  /\b(?:backups?|format|file|dump|recommended|easiest|for|on|in|with|the|or|and|only|users?|version|database|method|instance|service|server|based|cloud|paas|alternative|using|via|environment|setup|verification|deployments?|linux\/unix)\b/gi;

/** How a heading or label offers one of several ways. */
export type OptionSign =
  | { readonly by: 'number'; readonly word: string; readonly mark: string }
  | { readonly by: 'way' }
  | { readonly by: 'dimension'; readonly dimension: string; readonly value: string }
  | { readonly by: 'or' }
  /** "If you use Docker": the way follows from what there is. */
  | { readonly by: 'use' };

/** Reads "Option A: …", "Method 2", "Using X", "Railway (Production)", "Or …" as an offer; undefined for other text. */
export function optionSign(title: string): OptionSign | undefined {
  const text = title.replace(/^[^\p{L}\p{N}(]+/u, '').trim();
  const numbered =
    /^(option|method|approach|alternative|variant|strategy|way)\s*#?\s*(\d{1,2}|[a-z]|i{1,3}|iv)\b(?!\w)/i.exec(
      text,
    );
  if (numbered) return { by: 'number', word: numbered[1]!.toLowerCase(), mark: numbered[2]!.toLowerCase() };
  if (/^(?:or\b|alternatively\b|otherwise use\b)/i.test(text)) return { by: 'or' };
  const dimension = dimensionOf(text);
  if (dimension) return dimension;
  if (/^(?:using|via|with|through|by means of)\s+\S/i.test(text) && text.length < 60) return { by: 'way' };
  return undefined;
}

/**
 * The offer in a plain paragraph right above a block: "Option A: the latest nightly", "If you use Docker:". Such words
 * may be a sentence as well, so only these two forms count.
 */
export function plainOption(text: string): { readonly title: string; readonly sign: OptionSign } | undefined {
  if (text.length > 90) return undefined;
  const title = text.replace(/\s*:\s*$/, '');
  const marked =
    /^(?:option|method|approach|alternative|variant|way)\s*#?\s*(?:\d{1,2}|[a-z])\s*(?:[:.)–—-]|$)/i;
  const sign = marked.test(text) ? optionSign(title) : undefined;
  if (sign?.by === 'number') return { title, sign };
  if (
    /^(?:if|when|where) (?:you(?:'re|’re| are)? |we(?:'re|’re| are)? )?(?:use|using|run on|running on|are on|on) [^,.:]{2,40}:\s*$/i.test(
      text,
    )
  )
    return { title, sign: { by: 'use' } };
  return undefined;
}

/**
 * The offer in a comment that heads the commands for one kind of place: "For Docker-based clusters (less common):". Only
 * what excludes one another counts, a system, a platform or an engine: of environments, each may want its commands.
 */
export function placeOption(text: string): OptionSign | undefined {
  const place =
    /^for ([^:,.]{2,60}?)(?: (?:clusters?|hosts?|nodes?|machines?|systems?|servers?|installations?|deployments?|setups?))?(?: \([^)]{1,40}\))?:$/i.exec(
      text,
    )?.[1];
  const sign = place === undefined ? undefined : dimensionOf(place);
  return sign?.by === 'dimension' && /^(?:system|platform|engine)$/.test(sign.dimension) ? sign : undefined;
}

/** The one thing that a title consists of, such as a platform; undefined where it says more. */
function dimensionOf(text: string): OptionSign | undefined {
  if (text.length > 70) return undefined;
  return pureDimension(text) ?? pureDimension(text.replace(/\([^)]*\)/g, ' '));
}

function pureDimension(text: string): OptionSign | undefined {
  let rest = text;
  let first: { dimension: string; value: string } | undefined;
  for (const [name, pattern] of dimensions) {
    const found = rest.match(pattern);
    if (!found) continue;
    first ??= { dimension: name, value: found[0].toLowerCase() };
    rest = rest.replace(pattern, ' ');
  }
  if (!first || /[\p{L}]{2,}/u.test(rest.replace(filler, ' '))) return undefined;
  return { by: 'dimension', ...first };
}

/** True where two offers belong to one choice. */
export function sameChoice(one: OptionSign, other: OptionSign): boolean {
  switch (one.by) {
    case 'number':
      return (
        (other.by === 'number' && one.word === other.word && one.mark !== other.mark) || other.by === 'or'
      );
    case 'dimension':
      return other.by === 'dimension' ? one.value !== other.value : other.by === 'way';
    case 'way':
      return (
        other.by === 'way' ||
        (other.by === 'dimension' && (other.dimension === 'way' || other.dimension === 'platform'))
      );
    case 'or':
      return other.by === 'or';
    case 'use':
      return other.by === 'use';
  }
}

/** Lower-case words by which a target can pre-select an option. */
export function optionTags(title: string): readonly string[] {
  const tags = new Set<string>();
  for (const [, pattern] of dimensions)
    for (const [word] of title.matchAll(pattern)) {
      const tag = slug(word);
      tags.add(tag);
      if (tag.startsWith('docker')) tags.add('docker');
      if (tag.startsWith('aws') || tag.startsWith('amazon')) tags.add('aws');
      if (tag === 'prod') tags.add('production');
      if (tag === 'dev' || tag === 'development' || tag.startsWith('local')) tags.add('local');
      if (tag.startsWith('postgres')) tags.add('postgres');
    }
  for (const word of title.toLowerCase().match(/\b(?:psql|pg_dump|pg_restore|drillbook|sandbox|target)\b/g) ??
    [])
    tags.add(word);
  return [...tags];
}

/** What a choice between such options is called. */
export function choiceTitle(signs: readonly OptionSign[]): string {
  const first = signs[0];
  switch (first?.by) {
    case 'number':
      return `Which ${first.word}?`;
    case 'dimension':
      return first.dimension === 'way' ? 'Which way?' : `Which ${first.dimension}?`;
    default:
      return 'Which way?';
  }
}
