'use client';

import type { ReactNode } from 'react';
import { Select } from '#components/select.tsx';
import { BreakdownList } from '#report/breakdown-list.tsx';
import { BuilderSection } from '#report/builder-section.tsx';
import { EventPicker } from '#report/event-picker.tsx';
import { FilterList } from '#report/filter-list.tsx';
import type { EventState } from '#report/question.ts';
import {
  criteria,
  criterionLabels,
  defaultIntervals,
  intervalChoices,
  retentionUnits,
  type RetentionState,
} from '../state.ts';

export type RetentionBuilderProps = {
  readonly state: RetentionState;
  readonly onChange: (change: Partial<RetentionState>) => void;
};

/** The question as a sentence whose parts are edited in place (UX-RE1). */
export function RetentionBuilder({ state, onChange }: RetentionBuilderProps): ReactNode {
  return (
    <>
      <BuilderSection title="Users who">
        <Part event={state.birth} position={0} onChange={(birth) => onChange({ birth })}>
          did
        </Part>
        <Part event={state.return} position={1} onChange={(next) => onChange({ return: next })}>
          and came back to do
        </Part>
      </BuilderSection>
      <BuilderSection title="Counted">
        <Line label="Came back">
          <Select
            label="Came back"
            testId="criterion-picker"
            value={state.criterion}
            options={criteria.map((value) => ({ value, label: criterionLabels[value] }))}
            onChange={(criterion) => onChange({ criterion })}
          />
          <span className="text-ink-2">each</span>
          <Select
            label="Unit of an interval"
            testId="interval-unit-picker"
            value={state.unit}
            options={retentionUnits.map((unit) => ({ value: unit, label: unit }))}
            onChange={(unit) => onChange({ unit, intervals: defaultIntervals[unit] })}
          />
        </Line>
        <Line label="Windows">
          <Select
            label="Windows"
            testId="mode-picker"
            value={state.mode}
            options={[
              { value: 'rolling', label: 'rolling, from each first event' },
              { value: 'calendar', label: `calendar ${state.unit}s` },
            ]}
            onChange={(mode) => onChange({ mode })}
          />
        </Line>
        <Line label="Cohorts">
          <Select
            label="Cohorts"
            testId="births-picker"
            value={state.births}
            options={[
              { value: 'every_bucket', label: `every ${state.unit} they did it` },
              { value: 'first', label: 'first time in the range' },
            ]}
            onChange={(births) => onChange({ births })}
          />
        </Line>
        <Line label="Intervals">
          <Select
            label="Number of intervals"
            testId="intervals-picker"
            value={String(state.intervals)}
            options={choicesOf(state).map((count) => ({
              value: String(count),
              label: `${count - 1} ${state.unit}s`,
            }))}
            onChange={(intervals) => onChange({ intervals: Number(intervals) })}
          />
        </Line>
      </BuilderSection>
      <BuilderSection title="Filters">
        <FilterList
          filters={state.filters}
          testId="filter"
          onChange={(filters) => onChange({ filters })}
        />
      </BuilderSection>
      <BuilderSection title="Breakdowns">
        <BreakdownList
          breakdowns={state.breakdowns}
          onChange={(breakdowns) => onChange({ breakdowns, opened: null })}
        />
      </BuilderSection>
    </>
  );
}

function choicesOf({ unit, intervals }: RetentionState): readonly number[] {
  return [...new Set([...intervalChoices[unit], intervals])].toSorted((a, b) => a - b);
}

type PartProps = {
  readonly event: EventState;
  readonly position: number;
  readonly onChange: (event: EventState) => void;
  readonly children: ReactNode;
};

function Part({ event, position, onChange, children }: PartProps): ReactNode {
  return (
    <div className="grid gap-1.5 rounded-lg border border-line p-2">
      <span className="px-0.5 text-ink-2">{children}</span>
      <div className="flex">
        <EventPicker
          value={event.event}
          testId={`event-picker-${position}`}
          onChange={(name) => onChange({ ...event, event: name })}
        />
      </div>
      <FilterList
        filters={event.filters}
        testId={`event-${position}-filter`}
        onChange={(filters) => onChange({ ...event, filters })}
      />
    </div>
  );
}

function Line({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="flex items-center gap-2">
      <span className="w-20 shrink-0 text-ink-2">{label}</span>
      {children}
    </div>
  );
}
