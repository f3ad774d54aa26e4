import { useState } from 'react';
import type { Session } from '../../run/session.ts';
import { line, span } from '../line.ts';
import { useUi } from '../ui.ts';
import { Choose } from './choose.tsx';
import { Message } from './message.tsx';

type Stage =
  | { readonly at: 'asking' }
  | { readonly at: 'preparing'; readonly what: string }
  | { readonly at: 'trouble'; readonly text: string };

/** A drill that is due: what it would do, and its beginning. */
export function DueDrill(props: {
  readonly target: string;
  readonly onBegin: (session: Session) => void;
  readonly onClose: () => void;
}) {
  const { target, onBegin, onClose } = props;
  const { house, columns } = useUi();
  const [stage, setStage] = useState<Stage>({ at: 'asking' });
  const header = [
    line(span(' '), span(' DRILL ', { inverse: true, bold: true }), span(`  ${target}`, { bold: true })),
    line(span('─'.repeat(columns), { dim: true })),
  ];
  const begin = async (): Promise<void> => {
    setStage({ at: 'preparing', what: `Looking at ${target} and its backups` });
    try {
      onBegin(await house.drill(target, (what) => setStage({ at: 'preparing', what })));
    } catch (error) {
      setStage({ at: 'trouble', text: error instanceof Error ? error.message : String(error) });
    }
  };
  switch (stage.at) {
    case 'asking':
      return (
        <Choose
          question="due-drill"
          header={header}
          title={`Hold the drill of ${target} now?`}
          about={`A backup is fetched and restored into a scratch database of its own, which goes again at the end. The database of ${target} is only read. Unattended, the same is: drillbook drill run ${target}`}
          items={[
            { key: 'no', label: 'not now', detail: 'back', value: false },
            { key: 'yes', label: 'begin the drill', detail: 'step by step, here', value: true },
          ]}
          initial={1}
          onSelect={(yes) => (yes ? begin() : onClose())}
          onClose={onClose}
        />
      );
    case 'preparing':
      return <Message question="due-drill" waiting header={header} title={`${stage.what} …`} text="" />;
    case 'trouble':
      return (
        <Message
          question="due-drill-trouble"
          header={header}
          title="The drill was not held"
          text={stage.text}
          onGoOn={onClose}
          onClose={onClose}
        />
      );
  }
}
