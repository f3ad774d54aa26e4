import { keyLabel } from '../../src/tui/bindings.ts';
import { type Context, contextTitles } from '../../src/tui/context.ts';
import { type Binding, keymap } from '../../src/tui/keymap.ts';

/** The page of keys, made of the keymap: an action stands once, with every place where it is possible. */
export function keysPage(): string {
  const places = new Map<string, Binding[]>();
  for (const binding of keymap) {
    const where = placesOf(binding.in);
    places.set(where, [...(places.get(where) ?? []), binding]);
  }
  const sections = [...places].map(
    ([where, bindings]) =>
      `## ${where}\n\n| key | does | action |\n|---|---|---|\n${bindings.map(rowOf).join('\n')}\n`,
  );
  return `${head}\n${sections.join('\n')}`;
}

const head = `# Keys

Every key of every screen, made from the keymap of the program. What can be done at a moment stands at the foot of the
screen; \`?\` shows all of a place, \`:\` (or Ctrl+K) finds what can be done by its name. A key that was pressed before its
screen was painted does nothing; within one screen none is lost, however fast. Nothing is destroyed by a single letter.

A key of your own goes to the action that is named in the last column:

\`\`\`sh {check=run}
drillbook preferences --key note=ctrl+n
drillbook preferences
\`\`\`
`;

const ofARun: ReadonlySet<Context> = new Set(
  keymap.find(({ action }) => action === 'timeline')!.in as readonly Context[],
);

/** The places in words; all those of a run together are one. */
function placesOf(contexts: readonly Context[]): string {
  const all = [...ofARun].every((one) => contexts.includes(one));
  const most = !all && contexts.filter((one) => ofARun.has(one)).length > 8;
  const rest = contexts.filter((one) => !((all || most) && ofARun.has(one)));
  return [
    ...(all ? ['Anywhere in a run'] : most ? ['In a run, wherever it is possible'] : []),
    ...rest.map((one) => contextTitles[one]),
  ].join(' · ');
}

function rowOf({ keys, help, action }: Binding): string {
  const names = keys.map((key) => `\`${keyLabel(key, false)}\``).join(' ');
  return `| ${names.replaceAll('|', '\\|')} | ${help.replaceAll('|', '\\|')} | ${action} |`;
}
