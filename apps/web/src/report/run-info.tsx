'use client';

import { Info, RotateCw } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import type { ReactNode } from 'react';
import { IconButton } from '#components/button.tsx';
import { formatDuration } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import type { SaveableReport } from './saving.tsx';
import type { ReportRun } from './use-report-run.ts';

// Opened now and then: it comes after the report itself.
const QueryInfoPanel = dynamic(
  () => import('./query-info-panel.tsx').then((module) => module.QueryInfoPanel),
  { ssr: false },
);

const panels = parseAsStringLiteral(['query'] as const).withOptions({ history: 'push' });

/** How old the figures are; what they cost and how a script asks for them; the button asks anew. */
export function RunInfo({
  run,
  report,
}: {
  readonly run: ReportRun;
  readonly report: SaveableReport | null;
}): ReactNode {
  useShortcut('r', 'Run again', run.rerun);
  const age = useAge(run.answeredAt);
  const [panel, setPanel] = useQueryState('panel', panels);
  const isAnswered = run.answer !== null && run.answeredAt !== 0;
  return (
    <div className="flex items-center gap-1 text-xs text-ink-3">
      {isAnswered ? <span className="px-1 tabular">{age}</span> : null}
      <IconButton label="Run again" shortcut="r" onClick={run.rerun} data-testid="query-rerun">
        <RotateCw size={14} />
      </IconButton>
      {report === null ? null : (
        <IconButton
          label="About this query"
          aria-expanded={panel === 'query'}
          onClick={() => void setPanel(panel === null ? 'query' : null)}
          data-testid="query-info"
        >
          <Info size={15} />
        </IconButton>
      )}
      {report !== null && panel === 'query' ? (
        <QueryInfoPanel run={run} report={report} onClose={() => void setPanel(null)} />
      ) : null}
    </div>
  );
}

const ageStepMs = 10_000;

function useAge(answeredAt: number): string {
  const age = useNow(ageStepMs) - answeredAt;
  return age < ageStepMs ? 'just now' : `${formatDuration(age)} ago`;
}
