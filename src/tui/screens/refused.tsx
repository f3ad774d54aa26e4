import type { Refused } from '../../run/decision.ts';
import { Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import { blank, type Line, line, span, wrapText } from '../line.ts';
import { useUi } from '../ui.ts';

/** Why something does not happen, and what to do instead. */
export function RefusedScreen(props: {
  readonly header: readonly Line[];
  readonly refused: Refused;
  readonly onOverride?: (() => void) | undefined;
  readonly onAcceptIdentity?: (() => void) | undefined;
  readonly onClose: () => void;
}) {
  const { columns } = useUi();
  const keys = useKeys('refused', {
    close: props.onClose,
    override: props.onOverride,
    'accept-identity': props.onAcceptIdentity,
  });
  const { reason, next } = props.refused;
  return (
    <Page
      question={`refused/${reason}`}
      header={props.header}
      keys={keys}
      lines={[
        line(span(' Not done', { bold: true, tone: 'caution' })),
        blank,
        ...wrapText(capital(reason), columns - 2).map((row): Line => [span(' '), ...row]),
        blank,
        ...wrapText(capital(next), columns - 2, { bold: true }).map((row): Line => [span(' '), ...row]),
      ]}
    />
  );
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
