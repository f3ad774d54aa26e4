import { useState } from 'react';
import { bodyRows, Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import type { GivenInput, InputQuestion } from '../house.ts';
import { blank, clip, clipStart, type Line, line, padded, span } from '../line.ts';
import { entryLines, entryOf, insert, press, type TextEntry } from '../text-entry.ts';
import { useUi } from '../ui.ts';
import { Choose } from './choose.tsx';

/** What an operator made of a question: nothing yet (the suggestion counts), or a text. */
type Answers = Readonly<Record<string, TextEntry | undefined>>;

export interface InputsProps {
  readonly header: readonly Line[];
  readonly questions: readonly InputQuestion[];
  readonly onDone: (inputs: readonly GivenInput[]) => void | Promise<void>;
  readonly onClose: () => void;
}

/** Every value that the run asks for, filled in as far as it is known. The mark begins on the first one missing. */
export function Inputs({ header, questions, onDone, onClose }: InputsProps) {
  const { columns, rows } = useUi();
  const [answers, setAnswers] = useState<Answers>({});
  const [at, setAt] = useState(() => firstMissing(questions, {}, 0));
  const [picking, setPicking] = useState(false);
  const question = questions[at];
  const change = (to: (entry: TextEntry) => TextEntry | undefined): boolean => {
    if (!question) return false;
    const before =
      answers[question.name] ?? entryOf(question.secret ? '' : (question.suggestion?.value ?? ''));
    const after = to(before);
    if (!after) return false;
    setAnswers((now) => ({ ...now, [question.name]: to(now[question.name] ?? before) ?? before }));
    return true;
  };
  const forward = (now: Answers): void => setAt(firstMissing(questions, now, at + 1));
  const accept = (): void | Promise<void> => {
    if (!question) return onDone(givenOf(questions, answers));
    if (question.choices?.length && !hasValue(question, answers)) setPicking(true);
    else forward(answers);
  };
  const keys = useKeys(
    'inputs',
    {
      accept,
      pick: question?.choices?.length ? () => setPicking(true) : undefined,
      up: () => setAt(Math.max(0, at - 1)),
      down: () => setAt(Math.min(questions.length, at + 1)),
      close: onClose,
    },
    {
      active: !picking,
      typed: (key) => change((entry) => press(entry, key, false)),
      pasted: (text) => void change((entry) => insert(entry, text, false)),
    },
  );
  if (picking && question?.choices)
    return (
      <Choose
        question={`pick/${question.name}`}
        header={header}
        title={`${question.text}: take which?`}
        items={question.choices.map((choice) => ({
          key: choice.value,
          label: choice.label,
          value: choice.value,
        }))}
        initial={question.choices.findIndex((choice) => choice.value === currentValue(question, answers))}
        onSelect={(value) => {
          const next = { ...answers, [question.name]: entryOf(value) };
          setAnswers(next);
          setPicking(false);
          forward(next);
        }}
        onClose={() => setPicking(false)}
      />
    );
  const missing = questions.filter((asked) => !hasValue(asked, answers)).length;
  const height = bodyRows(rows, header.length) - 6;
  const from = Math.max(0, Math.min(at - Math.floor(height / 2), questions.length - height));
  const begin = at === questions.length;
  return (
    <Page
      question="inputs"
      mark={`${at}`}
      header={header}
      keys={keys}
      lines={[
        line(span(' Values for the run', { bold: true })),
        blank,
        ...questions
          .slice(from, from + height)
          .map((asked, index) => clip(questionRow(asked, answers, from + index === at, columns), columns)),
        blank,
        line(
          span(begin ? ' ▸ ' : '   ', { tone: 'accent', bold: true }),
          span('Begin the run', { bold: begin }),
          span(
            missing > 0
              ? `  ${missing} without a value: asked for when needed`
              : '  nothing runs before you say so',
            { dim: true },
          ),
        ),
        ...earlierLines(question, columns),
      ]}
    />
  );
}

/** Where the runbook itself has the value, for the question that is marked. */
function earlierLines(question: InputQuestion | undefined, columns: number): readonly Line[] {
  if (!question?.earlier) return [];
  const { line: at, text } = question.earlier;
  const words = `   ${question.text} is set at line ${at} by an earlier section: ${text.replaceAll(/\s+/g, ' ')}`;
  return [clip(line(span(words, { dim: true })), columns)];
}

function questionRow(question: InputQuestion, answers: Answers, marked: boolean, columns: number): Line {
  const label = Math.min(34, Math.floor(columns * 0.38));
  const typed = answers[question.name];
  const { suggestion, earlier } = question;
  const source = typed
    ? 'you'
    : earlier && suggestion?.source === 'default'
      ? `line ${earlier.line}`
      : suggestion?.source;
  const aside = source ? `  from ${source}` : '  missing';
  const width = Math.max(8, columns - label - 5 - aside.length);
  const value = currentValue(question, answers);
  const isPath = question.value === 'file' || question.value === 'directory';
  const fitted = (text: string): string => (isPath ? clipStart(text, width) : text);
  const shown =
    marked && typed
      ? (entryLines(typed, width, 1, question.secret)[0] ?? [])
      : line(span(question.secret && value !== undefined ? '••••••' : fitted(value ?? ''), { bold: marked }));
  return [
    span(marked ? ' ▸ ' : '   ', { tone: 'accent', bold: true }),
    ...padded(line(span(question.text, { bold: marked })), label),
    span('  '),
    ...clip(shown, width),
    ...(marked && !typed ? [{ text: ' ', inverse: true }] : []),
    span(aside, source ? { dim: true } : { tone: 'caution' }),
    ...(question.choices?.length ? [span(`  (${question.choices.length} to pick from)`, { dim: true })] : []),
  ];
}

/** The value as it counts; for a secret that is there already, only that it is. */
function currentValue(question: InputQuestion, answers: Answers): string | undefined {
  const typed = answers[question.name]?.text;
  if (typed) return typed;
  if (!question.suggestion) return undefined;
  return question.suggestion.value ?? '';
}

function hasValue(question: InputQuestion, answers: Answers): boolean {
  return currentValue(question, answers) !== undefined;
}

/** The next question without a value, or the place after the last, where the run begins. */
function firstMissing(questions: readonly InputQuestion[], answers: Answers, from: number): number {
  const found = questions.findIndex((question, index) => index >= from && !hasValue(question, answers));
  return found < 0 ? questions.length : found;
}

/** What goes to the run: typed values as such, suggestions by name only. */
function givenOf(questions: readonly InputQuestion[], answers: Answers): readonly GivenInput[] {
  return questions.flatMap((question) => {
    const typed = answers[question.name]?.text;
    if (typed && typed !== question.suggestion?.value)
      return [{ name: question.name, value: typed, secret: question.secret }];
    return question.suggestion ? [{ name: question.name, secret: question.secret }] : [];
  });
}
