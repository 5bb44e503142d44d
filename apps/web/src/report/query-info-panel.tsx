'use client';

import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { CopyButton } from '#components/copy-button.tsx';
import { Sheet } from '#components/dialog.tsx';
import { dateTimeText } from '#format/instant.ts';
import { formatDuration, formatNumber } from '#format/number.ts';
import { querySentence } from './query-sentence.ts';
import type { SaveableReport } from './saving.tsx';
import type { ReportRun } from './use-report-run.ts';

export type QueryInfoPanelProps = {
  readonly run: ReportRun;
  readonly report: SaveableReport;
  readonly onClose: () => void;
};

/** The question in words, as JSON and as a command, and what its answer cost (UX-R5). */
export function QueryInfoPanel({ run, report, onClose }: QueryInfoPanelProps): ReactNode {
  const { id, timezone } = useProject();
  const { query } = report;
  return (
    <Sheet
      open
      modal={false}
      side="right"
      title="About this query"
      testId="query-info-panel"
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <div className="grid gap-5 p-4 text-sm">
        <Part title="The question">
          <p data-testid="query-sentence">
            {querySentence(report.asks, { range: report.range, view: report.view, timezone })}
          </p>
        </Part>
        <Part title="The answer">
          <Facts run={run} />
        </Part>
        {query === null ? (
          <p className="text-ink-2">It is not complete yet: something is missing in the builder.</p>
        ) : (
          <>
            <Code title="As JSON" testId="query-json" text={JSON.stringify(query, null, 2)} />
            <Code
              title="From a script"
              testId="query-curl"
              text={curlLine(window.location.origin, id, query)}
            />
            <p className="text-xs text-ink-2">
              YOUR_SECRET is the secret of the project, or the name and secret of a service account
              as NAME:SECRET.
            </p>
          </>
        )}
      </div>
    </Sheet>
  );
}

function Facts({ run }: { readonly run: ReportRun }): ReactNode {
  const { timezone } = useProject();
  const info = run.answer?.info;
  if (info === undefined) return <p className="text-ink-2">There is no answer yet.</p>;
  const facts: readonly (readonly [string, string])[] = [
    ['Asked at', dateTimeText(run.answeredAt, timezone)],
    ['Time on the server', formatDuration(info.serverTimeMs)],
    ['Rows read', formatNumber(info.rowsScanned)],
    ['Shards', formatNumber(info.shards)],
    ['Answered by', [...new Set(info.zones)].map((zone) => `zone ${zone}`).join(', ') || 'no zone'],
    ['Time zone of the days', info.timezone],
    ['Complete', run.partial ? 'no, it is still running' : 'yes'],
    ['Sampling', 'none'],
  ];
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1.5">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="font-medium tabular">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Part({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="grid gap-1.5">
      <h2 className="text-xs font-medium text-ink-3">{title}</h2>
      {children}
    </section>
  );
}

function Code({
  title,
  testId,
  text,
}: {
  readonly title: string;
  readonly testId: string;
  readonly text: string;
}): ReactNode {
  return (
    <section className="grid gap-1.5">
      <div className="flex items-center justify-between">
        <h2 className="text-xs font-medium text-ink-3">{title}</h2>
        <CopyButton text={text} label={`Copy ${title === 'As JSON' ? 'JSON' : 'command'}`} />
      </div>
      <pre
        // Longer than its place: scrolled by keys as well.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={title}
        data-testid={testId}
        className="max-h-64 overflow-auto rounded-md border border-line bg-sunken p-3 font-mono text-xs"
      >
        {text}
      </pre>
    </section>
  );
}

/** For a shell: nothing within single quotes means anything but another quote. */
function curlLine(origin: string, projectId: number, query: object): string {
  const body = JSON.stringify(query).replaceAll("'", `'\\''`);
  return [
    `curl '${origin}/api/v1/query?project_id=${projectId}' -u YOUR_SECRET:`,
    `-H 'content-type: application/json'`,
    `-d '${body}'`,
  ].join(' \\\n  ');
}
