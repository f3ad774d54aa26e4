import { keyLabel } from '../bindings.ts';
import { type Binding, type Context, contextTitles, keymap } from '../keymap.ts';
import { blank, type Line, line, padded, span, wrap } from '../line.ts';
import { useUi } from '../ui.ts';
import { Reader } from './reader.tsx';

/** Every key, the ones that are good now first. Made from the keymap. */
export function Help(props: {
  readonly question: string;
  readonly header: readonly Line[];
  readonly context: Context;
  readonly onClose: () => void;
}) {
  const { theme, columns, keymap } = useUi();
  return (
    <Reader {...props} title="All keys" lines={helpLines(props.context, theme.unicode, columns, keymap)} />
  );
}

/** The help as rows of a width: the keys of the context, then all the others, place by place. */
export function helpLines(
  context: Context,
  unicode: boolean,
  width = 120,
  bindings: readonly Binding[] = keymap,
): readonly Line[] {
  const keys = width < 80 ? 18 : 22;
  const places: readonly Context[] = [
    context,
    ...(Object.keys(contextTitles) as Context[]).filter((other) => other !== context),
  ];
  return places.flatMap((place) => [
    line(
      span(` ${contextTitles[place]}`, { bold: true }),
      span(place === context ? '  (now)' : '', { dim: true }),
    ),
    ...bindings
      .filter((binding) => binding.in.includes(place))
      .flatMap((binding) =>
        wrap(
          [
            ...padded(
              line(span(`   ${binding.keys.map((key) => keyLabel(key, unicode)).join(' ')}`, { bold: true })),
              keys,
            ),
            ...line(binding.help),
          ],
          width - 1,
          keys,
        ),
      ),
    blank,
  ]);
}
