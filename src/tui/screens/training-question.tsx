import { useState } from 'react';
import type { TrainingAnswer, TrainingQuestion } from '../../run/training.ts';
import type { Training } from '../house.ts';
import type { Line } from '../line.ts';
import { Choose } from './choose.tsx';
import { Message } from './message.tsx';

/**
 * A question of a training until it is answered rightly. A wrong answer shows what would have come of it, and the
 * question comes again. The answer that is marked first is never the right one: Enter alone leads nowhere.
 */
export function AskTraining(props: {
  readonly training: Training;
  readonly question: TrainingQuestion;
  readonly header: readonly Line[];
  readonly onRight: (answer: TrainingAnswer) => void;
  readonly onClose: () => void;
}) {
  const { training, question, header, onRight, onClose } = props;
  const [wrong, setWrong] = useState<TrainingAnswer | undefined>();
  const [tries, setTries] = useState(0);
  if (wrong)
    return (
      <Message
        question={`training/${question.id}/wrong/${tries}`}
        header={header}
        title={`Not so: “${wrong.text}”`}
        text={`${wrong.consequence}\n\nNothing was run. The question comes again.`}
        onGoOn={() => setWrong(undefined)}
        onClose={onClose}
      />
    );
  return (
    <Choose
      question={`training/${question.id}/${tries}`}
      header={header}
      title={question.text}
      about="Read the answers; the marked one is only the first."
      items={question.answers.map((answer) => ({ key: answer.id, label: answer.text, value: answer }))}
      initial={question.marked}
      onSelect={async (answer) => {
        await training.answer(question, answer);
        if (answer.right) return onRight(answer);
        setTries(tries + 1);
        setWrong(answer);
      }}
      onClose={onClose}
    />
  );
}
