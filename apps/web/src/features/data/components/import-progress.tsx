'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Button } from '#components/button.tsx';
import { csvFileName } from '#format/csv.ts';
import { formatCount, formatNumber } from '#format/number.ts';
import { useNow } from '#format/use-now.ts';
import { CsvButton } from '#report/csv-button.tsx';
import { Panel } from '#report/panel.tsx';
import {
  refusedKeptMax,
  type ImportRun,
  type ImportRunner,
  type RunState,
} from '../import/use-import-run.ts';

const stateTexts: Readonly<Record<RunState, string>> = {
  running: 'Importing. Keep this page open.',
  paused: 'Paused. It goes on where it stopped.',
  done: 'Done. Its events are in reports within seconds.',
  cancelled: 'Cancelled. What was taken stays.',
  failed: 'Stopped.',
};

export type ImportProgressPanelProps = {
  readonly run: ImportRun;
  readonly runner: ImportRunner;
  readonly onClear: () => void;
};

/** How far an import is, what was refused, and how to stop it. */
export function ImportProgressPanel({ run, runner, onClear }: ImportProgressPanelProps): ReactNode {
  const { state, file, progress, failure } = run;
  return (
    <Panel title={file.name} actions={<RunActions run={run} runner={runner} onClear={onClear} />}>
      <div className="grid gap-3 p-4">
        <output data-testid="import-state" data-state={state} className="font-medium">
          {stateTexts[state]}
        </output>
        {failure === null ? null : (
          <p role="alert" className="text-danger" data-testid="import-failure">
            {failure}. Nothing is lost: go on, or choose the same file later.
          </p>
        )}
        <ProgressBar share={run.share} />
        <dl className="flex flex-wrap gap-x-8 gap-y-2">
          <Figure label="Rows" value={formatNumber(progress.rows)} testId="import-rows-done" />
          <Figure label="Taken" value={formatNumber(progress.accepted)} testId="import-accepted" />
          <Figure label="Refused" value={formatNumber(progress.refused)} testId="import-refused" />
          {state === 'running' ? <Speed run={run} /> : null}
        </dl>
        {runner.refused().length === 0 ? null : <RefusedFile run={run} runner={runner} />}
      </div>
    </Panel>
  );
}

function RunActions({ run, runner, onClear }: ImportProgressPanelProps): ReactNode {
  const { id } = useProject();
  const { state, saved } = run;
  const mayGoOn = (state === 'paused' || state === 'failed') && saved !== null;
  return (
    <>
      {state === 'running' ? (
        <Button size="sm" onClick={runner.pause} data-testid="import-pause">
          Pause
        </Button>
      ) : null}
      {mayGoOn ? (
        <Button size="sm" variant="primary" onClick={runner.goOn} data-testid="import-go-on">
          Go on
        </Button>
      ) : null}
      {state === 'running' || mayGoOn ? (
        <Button size="sm" onClick={runner.cancel}>
          Cancel
        </Button>
      ) : null}
      {state === 'done' ? (
        <Link
          href={`/p/${id}/data/lexicon`}
          className="text-xs font-medium text-accent underline-offset-2 hover:underline"
        >
          Lexicon
        </Link>
      ) : null}
      {state === 'running' ? null : (
        <Button size="sm" onClick={onClear} data-testid="import-another">
          Another file
        </Button>
      )}
    </>
  );
}

function ProgressBar({ share }: { readonly share: number }): ReactNode {
  const percent = Math.floor(Math.min(1, share) * 100);
  return (
    <div
      // The progress element cannot be drawn alike in all browsers.
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
      role="progressbar"
      aria-label="Of the file"
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-2 overflow-hidden rounded-full bg-pressed"
    >
      <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
    </div>
  );
}

function Figure({
  label,
  value,
  testId,
}: {
  readonly label: string;
  readonly value: string;
  readonly testId: string;
}): ReactNode {
  return (
    <div>
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className="text-lg font-semibold tabular" data-testid={testId}>
        {value}
      </dd>
    </div>
  );
}

const secondMs = 1000;

function Speed({ run: { progress, saved, startedMs } }: { readonly run: ImportRun }): ReactNode {
  const seconds = Math.max(1, (useNow(secondMs) - startedMs) / 1000);
  const rows = progress.rows - (saved?.nextRow ?? 0);
  return (
    <Figure
      label="Rows a second"
      value={formatNumber(Math.round(rows / seconds))}
      testId="import-speed"
    />
  );
}

/** What was refused, for whoever mends it and brings it again. */
function RefusedFile({
  run: { file },
  runner,
}: {
  readonly run: ImportRun;
  readonly runner: ImportRunner;
}): ReactNode {
  const kept = runner.refused().length;
  return (
    <p className="flex flex-wrap items-center gap-2 text-ink-2">
      <CsvButton
        fileName={csvFileName(file.name, 'refused')}
        rows={() => [
          ['line', 'field', 'reason', 'row'],
          ...runner.refused().map(({ line, field, reason, json }) => [line, field, reason, json]),
        ]}
      />
      {kept === refusedKeptMax
        ? `The first ${formatNumber(kept)} refused rows, with their reasons`
        : `${formatCount(kept, 'refused row')}, with the reasons`}
    </p>
  );
}
