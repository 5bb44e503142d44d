'use client';

import { PanelLeftClose, PanelLeftOpen, RotateCw, SlidersHorizontal } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { Sheet } from '#components/dialog.tsx';
import { formatDuration, formatNumber } from '#format/number.ts';
import { Tooltip } from '#components/tooltip.tsx';
import { useNow } from '#format/use-now.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { QueryProgress } from './query-progress.tsx';
import { SavingBar, useOpenedReport, type SaveableReport } from './saving.tsx';
import type { ReportRun } from './use-report-run.ts';

export type ReportFrameProps = {
  /** What the report asks, in words (UX-R4). */
  readonly title: string;
  readonly builder: ReactNode;
  readonly toolbar: ReactNode;
  readonly chart: ReactNode;
  readonly table: ReactNode;
  readonly run: ReportRun;
  /** What saving keeps; a frame without it cannot be saved. */
  readonly saving?: Omit<SaveableReport, 'name'>;
};

/** The frame of every report: builder at the left, or in a sheet on small screens; chart over table. */
export function ReportFrame(props: ReportFrameProps): ReactNode {
  const [folded, setFolded] = useState(false);
  const [sheetOpen, setSheetOpen] = useState(false);
  const title = useOpenedReport()?.name ?? props.title;
  useShortcut('e', 'Show or hide the builder', () => setFolded((before) => !before));
  useShortcut('r', 'Run again', props.run.rerun);
  return (
    <div className="flex h-full min-h-0">
      {folded ? null : (
        <aside
          aria-label="Builder"
          data-testid="builder"
          className="hidden w-[300px] shrink-0 overflow-y-auto border-r border-line bg-surface min-[900px]:block xl:w-[340px]"
        >
          {props.builder}
        </aside>
      )}
      <div className="flex min-w-0 flex-1 flex-col overflow-y-auto">
        <header className="sticky top-0 z-30 border-b border-line bg-canvas/95 px-4 pt-3 pb-2.5 backdrop-blur-sm md:px-5">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <h1
              className="min-w-40 flex-1 text-base font-semibold truncate-line"
              title={title}
              data-testid="report-title"
            >
              {title}
            </h1>
            {props.saving === undefined ? null : (
              <SavingBar report={{ ...props.saving, name: props.title }} />
            )}
          </div>
          <div className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-2">
            <span className="-ml-1.5 hidden min-[900px]:block">
              <IconButton
                label={folded ? 'Show builder' : 'Hide builder'}
                shortcut="e"
                aria-expanded={!folded}
                onClick={() => setFolded(!folded)}
              >
                {folded ? <PanelLeftOpen size={16} /> : <PanelLeftClose size={16} />}
              </IconButton>
            </span>
            <Button
              className="min-[900px]:hidden!"
              onClick={() => setSheetOpen(true)}
              data-testid="builder-open"
            >
              <SlidersHorizontal size={14} /> Edit
            </Button>
            {props.toolbar}
            <span className="flex-1" />
            <RunInfo run={props.run} />
          </div>
        </header>
        <div className="grid gap-4 p-3 md:p-5">
          <div className="relative" data-picture>
            <div className="absolute top-2 right-2 z-20">
              <QueryProgress run={props.run} />
            </div>
            {props.chart}
          </div>
          {props.table}
        </div>
      </div>
      <Sheet side="bottom" title="Edit report" open={sheetOpen} onOpenChange={setSheetOpen}>
        {props.builder}
      </Sheet>
    </div>
  );
}

/** How old the figures are and what they cost; the button asks anew. */
function RunInfo({ run }: { readonly run: ReportRun }): ReactNode {
  const age = useAge(run.answeredAt);
  const info = run.answer?.info;
  return (
    <div className="flex items-center gap-1 text-xs text-ink-3">
      {info === undefined || run.answeredAt === 0 ? null : (
        <Tooltip
          label={`${formatNumber(info.rowsScanned)} rows on ${info.shards} shards in ${formatDuration(info.serverTimeMs)}`}
        >
          <button type="button" className="rounded-sm px-1 tabular" data-testid="query-info">
            {age}
          </button>
        </Tooltip>
      )}
      <IconButton label="Run again" shortcut="r" onClick={run.rerun} data-testid="query-rerun">
        <RotateCw size={14} />
      </IconButton>
    </div>
  );
}

const ageStepMs = 10_000;

function useAge(answeredAt: number): string {
  const age = useNow(ageStepMs) - answeredAt;
  return age < ageStepMs ? 'just now' : `${formatDuration(age)} ago`;
}
