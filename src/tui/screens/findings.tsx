import { Page } from '../components/page.tsx';
import { useKeys } from '../hooks/use-keys.ts';
import type { Resumed } from '../house.ts';
import { blank, type Line, line, span, wrap } from '../line.ts';
import { useUi } from '../ui.ts';

/** After a resume: what is certain and what is not. */
export function Findings({
  findings,
  onGoOn,
}: {
  readonly findings: Resumed['findings'];
  readonly onGoOn: () => void;
}) {
  const { columns } = useUi();
  const keys = useKeys('message', { 'go-on': onGoOn });
  const rows = (certain: boolean): readonly Line[] =>
    findings
      .filter((finding) => finding.certain === certain)
      .flatMap((finding) =>
        wrap(
          line(
            span(certain ? ' ✓ ' : ' ? ', certain ? { tone: 'good' } : { tone: 'danger', bold: true }),
            finding.text,
          ),
          columns - 2,
          3,
        ),
      );
  const certain = rows(true);
  const open = rows(false);
  return (
    <Page
      question="findings"
      header={[line(span(' Resuming a run', { bold: true }))]}
      keys={keys}
      lines={[
        ...(open.length > 0 ? [line(span(' Not certain', { bold: true })), ...open, blank] : []),
        ...(certain.length > 0 ? [line(span(' Certain', { bold: true })), ...certain] : []),
      ]}
    />
  );
}
