import type { Guarded } from '../../run/decision.ts';
import type { RunState } from '../../run/state.ts';
import { commandLines, effectLines } from '../command-lines.ts';
import { commandInView } from '../command-view.ts';
import { bodyRows, Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { environmentSpan } from '../run-header.ts';
import { useUi } from '../ui.ts';
import { Ask } from './ask.tsx';

export interface GuardProps {
  readonly header: readonly Line[];
  readonly state: RunState;
  readonly guarded: Guarded;
  /** The command as it will run. */
  readonly shown: string;
  readonly complaint?: string | undefined;
  /** `phrase` is what was typed; undefined where Enter was enough. */
  readonly onConfirm: (phrase: string | undefined) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before a command runs: what it will hit, on which server, and Enter or the typed phrase. */
export function GuardPrompt(props: GuardProps) {
  const { guarded, header } = props;
  const { columns, rows } = useUi();
  const question = `guard/${guarded.command}/${guarded.guard.kind}/${props.complaint ?? ''}`;
  const body = bodyRows(rows, header.length);
  if (guarded.guard.kind === 'enter')
    return <EnterGuard {...props} about={guardAbout(props, columns - 2, body - 4)} question={question} />;
  // Never clipped: it is to be typed as it stands.
  const phrase = wrapText(guarded.guard.phrase, columns - 11, { bold: true, inverse: true }).map(
    (row, index): Line => [span(index === 0 ? ' phrase  ' : '         '), ...row],
  );
  const title = 'This destroys. Type the phrase exactly, or press Esc.';
  const around = wrapText(` ${title}`, columns - 1).length + phrase.length + 6;
  return (
    <Ask
      question={question}
      header={header}
      title={title}
      about={[...guardAbout(props, columns - 2, body - around), blank, ...phrase]}
      complaint={props.complaint}
      onSubmit={props.onConfirm}
      onClose={props.onClose}
    />
  );
}

function EnterGuard(props: GuardProps & { readonly about: readonly Line[]; readonly question: string }) {
  const keys = useKeys('guard', { confirm: () => props.onConfirm(undefined), close: props.onClose });
  return (
    <Page
      question={props.question}
      header={props.header}
      keys={keys}
      lines={[
        line(
          span(
            ` ${props.guarded.shell ? 'Open a shell? Enter opens it' : 'Run this? Enter runs it'}, Esc goes back.`,
            { bold: true },
          ),
        ),
        blank,
        ...props.about,
        blank,
        ...(props.complaint ? [line(span(` ! ${props.complaint}`, { tone: 'danger', bold: true }))] : []),
      ]}
    />
  );
}

function guardAbout({ state, guarded, shown }: GuardProps, width: number, height: number): readonly Line[] {
  const { target } = state.started;
  const { identity } = state;
  const address = identity?.address ?? target?.address ?? 'not known';
  const database = identity?.database ?? target?.database ?? 'not known';
  const facts: readonly Line[] = [
    line(
      ' server    ',
      span(address, { bold: true }),
      span(identity?.system ? `  system ${identity.system}` : '', { dim: true }),
    ),
    line(
      ' database  ',
      span(database, { bold: true }),
      '  ',
      ...(target ? [environmentSpan(target.environment)] : ['no target: guarded as production']),
    ),
  ];
  const effects = effectLines(guarded.reading, '', width).map((row): Line => [span(' '), ...row]);
  const caution = guarded.guard.kind === 'enter' && guarded.guard.caution ? [guarded.guard.caution] : [];
  const cautions = [...guarded.cautions, ...caution].flatMap((text) =>
    wrapText(`! ${text}`, width - 1, { tone: 'caution', bold: true }).map((row): Line => [span(' '), ...row]),
  );
  // In a low window what destroys comes first, then what it does, then what else is to be known.
  const command = commandLines(shown, guarded.reading, width);
  const left = Math.max(1, height - facts.length);
  const most = Math.max(1, left - Math.min(command.length, Math.max(1, Math.ceil(left / 2))));
  const told = cut([...effects, ...cautions], most);
  return [...facts, ...told, ...commandInView(command, Math.max(1, left - told.length))];
}

/** The first rows, the last of them marked where there are more. */
function cut(rows: readonly Line[], room: number): readonly Line[] {
  if (rows.length <= room) return rows;
  return [...rows.slice(0, room - 1), [...(rows[room - 1] ?? []), span(' …', { dim: true })]];
}
