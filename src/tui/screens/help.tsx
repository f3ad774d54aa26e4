import { keyLabel } from '../bindings.ts';
import { type Context, contextTitles, keymap } from '../keymap.ts';
import { blank, type Line, line, padded, span } from '../line.ts';
import { useUi } from '../ui.ts';
import { Reader } from './reader.tsx';

/** Every key, the ones that are good now first. Made from the keymap. */
export function Help(props: {
  readonly question: string;
  readonly header: readonly Line[];
  readonly context: Context;
  readonly onClose: () => void;
}) {
  const { theme } = useUi();
  return <Reader {...props} title="All keys" lines={helpLines(props.context, theme.unicode)} />;
}

/** The help as rows: the keys of the context, then all the others, place by place. */
export function helpLines(context: Context, unicode: boolean): readonly Line[] {
  const places: readonly Context[] = [
    context,
    ...(Object.keys(contextTitles) as Context[]).filter((other) => other !== context),
  ];
  return places.flatMap((place) => [
    line(
      span(` ${contextTitles[place]}`, { bold: true }),
      span(place === context ? '  (now)' : '', { dim: true }),
    ),
    ...keymap
      .filter((binding) => binding.in.includes(place))
      .map((binding) => [
        ...padded(
          line(span(`   ${binding.keys.map((key) => keyLabel(key, unicode)).join(' ')}`, { bold: true })),
          22,
        ),
        ...line(binding.help),
      ]),
    blank,
  ]);
}
