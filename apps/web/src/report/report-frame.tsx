'use client';

import {
  Maximize2,
  Minimize2,
  PanelLeftClose,
  PanelLeftOpen,
  SlidersHorizontal,
} from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button, IconButton } from '#components/button.tsx';
import { Sheet } from '#components/dialog.tsx';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { canonical } from './canonical.ts';
import type { Convertible } from './conversion.ts';
import { ConvertMenu } from './convert-menu.tsx';
import { DraftsMenu } from './drafts-menu.tsx';
import { LeaveQuestion } from './leave-question.tsx';
import { QueryProgress } from './query-progress.tsx';
import { titleWithRange } from './query-sentence.ts';
import { RunInfo } from './run-info.tsx';
import { SavingBar, SavingTitle, useOpenedReport, type SaveableReport } from './saving.tsx';
import { UndoButtons } from './undo.tsx';
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
  readonly saving?: Omit<SaveableReport, 'name' | 'asks'>;
  /** What of it another kind of report can ask, too. */
  readonly convertible?: Convertible;
};

/** The frame of every report: builder at the left, or in a sheet on small screens; chart over table. */
export function ReportFrame(props: ReportFrameProps): ReactNode {
  const [folded, setFolded] = useState(false);
  const [sheetOpen, setSheetOpen] = useState(false);
  const [chartOnly, setChartOnly] = useState(false);
  const fold = (): void => setFolded((before) => !before);
  useShortcut('e', 'Show or hide the builder', fold);
  useShortcut('z', 'Only the chart, or all', () => setChartOnly((before) => !before));
  useShortcut('t', 'Go to the table', focusTable);
  return (
    <div className="flex h-full min-h-0">
      {folded || chartOnly ? null : (
        <aside
          aria-label="Builder"
          data-testid="builder"
          className="hidden w-[300px] shrink-0 overflow-y-auto border-r border-line bg-surface min-[900px]:block xl:w-[340px]"
        >
          {props.builder}
        </aside>
      )}
      <div className="flex min-w-0 flex-1 flex-col overflow-y-auto">
        <ReportHead
          {...props}
          // It stays there: its keys go on working, and a name that was typed is kept.
          hidden={chartOnly}
          folded={folded}
          onFold={fold}
          onEdit={() => setSheetOpen(true)}
          onChartOnly={() => setChartOnly(true)}
        />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 p-3 md:p-5">
          {chartOnly ? (
            <div className="flex justify-end">
              <Button size="sm" onClick={() => setChartOnly(false)} data-testid="chart-only-end">
                <Minimize2 size={14} /> Show all
              </Button>
            </div>
          ) : null}
          <div className="relative" data-picture>
            <div className="absolute top-2 right-2 z-20">
              <QueryProgress run={props.run} />
            </div>
            {props.chart}
          </div>
          {chartOnly ? null : <div data-report-table>{props.table}</div>}
        </div>
      </div>
      <Sheet side="bottom" title="Edit report" open={sheetOpen} onOpenChange={setSheetOpen}>
        {props.builder}
      </Sheet>
    </div>
  );
}

type ReportHeadProps = ReportFrameProps & {
  readonly hidden: boolean;
  readonly folded: boolean;
  readonly onFold: () => void;
  readonly onEdit: () => void;
  readonly onChartOnly: () => void;
};

/** Name and saving over what all of the question is asked by. */
function ReportHead(props: ReportHeadProps): ReactNode {
  const { folded, onFold, saving } = props;
  const opened = useOpenedReport();
  const asks = saving === undefined ? props.title : titleWithRange(props.title, saving.range);
  const [ownName, setOwnName] = useState('');
  const name = opened?.name ?? (ownName === '' ? asks : ownName);
  const report = saving === undefined ? null : { ...saving, name, asks: props.title };
  const { convertible } = props;
  const kept =
    saving === undefined || convertible === undefined
      ? null
      : { type: convertible.type, name, view: saving.view };
  const isEdited =
    opened !== null && canonical(saving?.view ?? opened.view) !== canonical(opened.view);
  return (
    <header
      hidden={props.hidden}
      className="sticky top-0 z-30 border-b border-line bg-canvas/95 px-4 pt-3 pb-2.5 backdrop-blur-sm md:px-5"
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h1
          className="min-w-40 flex-1 text-base font-semibold truncate-line"
          title={name}
          data-testid="report-title"
        >
          {report === null ? name : <SavingTitle name={name} onName={setOwnName} />}
        </h1>
        {kept === null ? null : <DraftsMenu report={kept} />}
        {convertible === undefined ? null : <ConvertMenu report={convertible} />}
        {report === null ? null : <SavingBar report={report} />}
        {isEdited ? <LeaveQuestion /> : null}
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-2">
        <span className="-ml-1.5 hidden min-[900px]:block">
          <IconButton
            label={folded ? 'Show builder' : 'Hide builder'}
            shortcut="e"
            aria-expanded={!folded}
            onClick={onFold}
          >
            {folded ? <PanelLeftOpen size={16} /> : <PanelLeftClose size={16} />}
          </IconButton>
        </span>
        <Button className="min-[900px]:hidden!" onClick={props.onEdit} data-testid="builder-open">
          <SlidersHorizontal size={14} /> Edit
        </Button>
        <UndoButtons />
        {props.toolbar}
        <span className="flex-1" />
        <RunInfo run={props.run} report={report} />
        <span className="hidden md:block">
          <IconButton label="Only the chart" shortcut="z" onClick={props.onChartOnly}>
            <Maximize2 size={14} />
          </IconButton>
        </span>
      </div>
    </header>
  );
}

/** The first thing of the table that takes the focus. */
function focusTable(): void {
  const inTable = '[data-report-table] :is(button, input, a[href], [tabindex="0"])';
  document.querySelector<HTMLElement>(inTable)?.focus();
}
