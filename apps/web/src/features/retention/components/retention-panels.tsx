'use client';

import type { ReactNode } from 'react';
import { Segmented } from '#components/segmented.tsx';
import { Button } from '#components/button.tsx';
import { csvFileName } from '#format/csv.ts';
import { formatCount } from '#format/number.ts';
import { CsvButton } from '#report/csv-button.tsx';
import type { OpenDrill } from '#report/listed-number.ts';
import { Panel } from '#report/panel.tsx';
import { rangeLabel } from '#report/range.ts';
import type { ReportRun } from '#report/use-report-run.ts';
import { drawnMax, retentionCsv, type RetentionView } from '../model.ts';
import { criterionLabels, reportTitle, type RetentionState } from '../state.ts';
import { SegmentTable } from './segment-table.tsx';
import { TriangleTable } from './triangle-table.tsx';

export type RetentionPanelsProps = {
  readonly state: RetentionState;
  readonly view: RetentionView;
  readonly run: ReportRun;
  readonly onChange: (change: Partial<RetentionState>) => void;
  readonly onDrill: OpenDrill;
};

/** The triangle of all users, or one averaged row a segment, each of which opens to its triangle. */
export function RetentionPanels(props: RetentionPanelsProps): ReactNode {
  const { state, view, run, onChange, onDrill } = props;
  const opened = view.segments.find(({ key }) => key === state.opened);
  const listed = view.segments.length > 0 && opened === undefined;
  const windows = state.mode === 'rolling' ? 'rolling windows' : `calendar ${state.unit}s`;
  return (
    <Panel
      faded={run.outdated}
      title={
        <span className="flex flex-wrap items-center gap-2">
          {opened === undefined ? null : (
            <>
              <Button size="sm" variant="ghost" onClick={() => onChange({ opened: null })}>
                All segments
              </Button>
              <b className="text-ink">{opened.name}</b>
            </>
          )}
          {listed
            ? `${formatCount(view.segmentCount, 'segment')}, the first ${Math.min(drawnMax, view.segments.length)} drawn`
            : `Came back ${criterionLabels[state.criterion]}, ${windows}`}
        </span>
      }
      actions={
        <>
          <Segmented
            label="Cells show"
            testId="retention-shown"
            value={state.shown}
            options={[
              { value: 'rate', label: 'Percent' },
              { value: 'users', label: 'Users' },
              { value: 'both', label: 'Both' },
            ]}
            onChange={(shown) => onChange({ shown })}
          />
          <CsvButton
            fileName={csvFileName('retention', reportTitle(state), rangeLabel(state.range))}
            rows={() => retentionCsv(view)}
          />
        </>
      }
    >
      {listed ? (
        <SegmentTable view={view} shown={state.shown} onOpen={(key) => onChange({ opened: key })} />
      ) : (
        <TriangleTable
          table={opened ?? view.overall}
          intervals={view.intervals}
          shown={state.shown}
          onDrill={onDrill}
        />
      )}
    </Panel>
  );
}
