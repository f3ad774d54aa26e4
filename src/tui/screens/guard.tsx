import type { Guarded } from '../../run/decision.ts';
import type { RunState } from '../../run/state.ts';
import { commandLines, effectLines } from '../command-lines.ts';
import { Page } from '../components/page.tsx';
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
  const about = guardAbout(props, columns - 2, rows - header.length - 12);
  const question = `guard/${guarded.command}/${guarded.guard.kind}/${props.complaint ?? ''}`;
  if (guarded.guard.kind === 'phrase')
    return (
      <Ask
        question={question}
        header={header}
        title="This destroys. Type the phrase exactly, or press Esc."
        about={[
          ...about,
          blank,
          line(' phrase  ', span(guarded.guard.phrase, { bold: true, inverse: true })),
        ]}
        complaint={props.complaint}
        onSubmit={props.onConfirm}
        onClose={props.onClose}
      />
    );
  return <EnterGuard {...props} about={about} question={question} />;
}

function EnterGuard(props: GuardProps & { readonly about: readonly Line[]; readonly question: string }) {
  const keys = useKeys('guard', { confirm: () => props.onConfirm(undefined), close: props.onClose });
  return (
    <Page
      question={props.question}
      header={props.header}
      keys={keys}
      lines={[
        line(span(' Run this? Enter runs it, Esc goes back.', { bold: true })),
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
  const room = Math.max(1, height - facts.length - effects.length - cautions.length);
  const command = commandLines(shown, guarded.reading, width);
  const rows =
    command.length <= room
      ? command
      : [
          ...command.slice(0, room - 1),
          line(span(`  … ${command.length - room + 1} more rows`, { dim: true })),
        ];
  return [...facts, ...effects, ...cautions, ...rows];
}
