import type { Call } from './call.ts';
import { readStrangersWords } from './stranger.ts';
import type { Rule, Tool } from './tools/tool.ts';
import type { Word } from './word.ts';

/**
 * Lets the first fitting rule of a tool's table speak. None fits: unknown. Where an option stood before the verb that
 * the table does not know, its value may be what looks like the verb: then the next reading counts too.
 */
export function applyRules(tool: Tool, call: Call, leading: readonly string[]): undefined {
  const verbs = tool.rules?.some((rule) => rule.verb) ?? false;
  if (verbs && call.args.some((word) => word.text === '--help') && !call.args.some((w) => w.text === '--'))
    return call.reader.add('reads', `${call.name} shows its help`, call.span);
  speak(tool, call, call.operands);
  if (!verbs || call.operands.length < 2) return;
  const familiar = new Set(`${tool.valued ?? ''} ${tool.switches ?? ''}`.split(' '));
  const strange = leading.find(
    (option) => !option.includes('=') && !familiar.has(option) && !cluster(option, familiar),
  );
  if (!strange) return;
  call.reader.add('unknown', `${call.name} has an option that is not known: ${strange}`, call.span);
  if (fitting(tool, call, call.operands.slice(1))) speak(tool, call, call.operands.slice(1));
}

function cluster(option: string, familiar: ReadonlySet<string>): boolean {
  if (option.startsWith('--')) return false;
  return (
    familiar.has(option.slice(0, 2)) || [...option.slice(1)].every((letter) => familiar.has(`-${letter}`))
  );
}

function speak(tool: Tool, call: Call, operands: readonly Word[]): undefined {
  const { reader, span } = call;
  const found = fitting(tool, call, operands);
  if (!found) {
    reader.add('unknown', `nobody has said what ${written(call)} does`, span);
    return readStrangersWords(call.args, { span, stdin: call.stdin }, reader);
  }
  const { rule, rest } = found;
  const deeper = rule.is !== 'destroys' && rule.verb && rest[0] && destroyingVerb.test(rest[0].text);
  if (deeper && !rule.hits)
    reader.add('unknown', `${written(call)}: nobody has said what ${rest[0]!.text} does here`, span);
  const hits = rule.hits && { kind: rule.hits[0], name: filled(rule.hits[1], call, rest) };
  const reason = rule.why ? filled(rule.why, call, rest) : written(call);
  reader.add(rule.is, reason, span, hits?.name ? hits : undefined);
  if (rule.interactive || rule.longRunning)
    reader.mark({ interactive: rule.interactive ?? false, longRunning: rule.longRunning ?? false });
}

/** Behind a verb that is known, one of these is a longer verb that is not. */
const destroyingVerb = /^(delete|destroy|drop|purge|prune|remove|reset|rm|terminate|truncate|wipe|flush)$/;

/**
 * The rule that speaks: a first one without a verb (`--dry-run`), else the one with the longest verb, so that
 * `services delete` is never taken for `services`; the first of equals.
 */
function fitting(tool: Tool, call: Call, operands: readonly Word[]) {
  let best: { rule: Rule; rest: readonly Word[] } | undefined;
  for (const rule of tool.rules ?? []) {
    const rest = afterVerb(rule, operands);
    if (!rest || (best && best.rest.length <= rest.length)) continue;
    if (rule.has && !call.options.has(...rule.has.split(' '))) continue;
    // What only shows must not have been taken back: `--dry-run --no-dry-run`.
    if (rule.is === 'reads' && rule.has && call.options.negated(...rule.has.split(' '))) continue;
    if (rule.lacks && call.options.has(...rule.lacks.split(' '))) continue;
    if (rule.operands !== undefined && rest.length < rule.operands) continue;
    best = { rule, rest };
    if (!rule.verb) break;
  }
  return best;
}

/** The operands after the rule's verb; undefined where the verb is another. `*` stands for any one word, `list-*` for any that starts so. */
function afterVerb(rule: Rule, operands: readonly Word[]): readonly Word[] | undefined {
  if (!rule.verb) return operands;
  for (const verb of rule.verb.split('|')) {
    const words = verb.split(' ');
    if (words.every((word, i) => operands[i] && fits(word, operands[i]!.text)))
      return operands.slice(words.length);
  }
  return undefined;
}

function fits(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

function filled(template: string, call: Call, rest: readonly Word[]): string {
  return template
    .replace(/\{([^}]+)\}/g, (_, key: string) => {
      if (key === 'all') return rest.map((word) => word.text).join(' ');
      if (key === 'call') return written(call);
      if (/^\d$/.test(key)) return rest[Number(key)]?.text ?? '';
      if (key === 'last') return rest.at(-1)?.text ?? '';
      return call.options.value(...key.split(' '))?.text ?? '';
    })
    .replace(/\s+/g, ' ')
    .trim();
}

/** The command on one line, without the values of options that tend to be secrets. */
export function written(call: Call): string {
  const words = [call.name, ...call.args.map((word) => word.text)];
  return words
    .map((word, i) =>
      /^--?(pass|password|token|secret|auth)$/i.test(words[i - 1] ?? '') ? '***' : masked(word),
    )
    .join(' ');
}

/** Passwords in URLs and in `--password=…` give way to stars. */
export function masked(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^:/@\s]*):[^@\s]*@/gi, '$1:***@')
    .replace(/((?:password|passwd|token|secret|api[-_]?key)\s*[=:]\s*)(?:bearer\s+)?[^\s&"']+/gi, '$1***');
}
