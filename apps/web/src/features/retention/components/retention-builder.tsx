'use client';

import { useState, type ReactNode } from 'react';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { BreakdownList } from '#report/breakdown-list.tsx';
import { BuilderSection } from '#report/builder-section.tsx';
import { EventPicker } from '#report/event-picker.tsx';
import { FilterList } from '#report/filter-list.tsx';
import type { EventState } from '#report/question.ts';
import { bracketsText, parseBrackets } from '../brackets.ts';
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
            value={state.brackets === null ? String(state.intervals) : ownBrackets}
            options={[
              ...choicesOf(state).map((count) => ({
                value: String(count),
                label: `${count - 1} ${state.unit}s`,
              })),
              { value: ownBrackets, label: 'brackets of my own' },
            ]}
            onChange={(next) =>
              onChange(
                next === ownBrackets
                  ? { brackets: firstBrackets }
                  : { brackets: null, intervals: Number(next) },
              )
            }
          />
        </Line>
        {state.brackets === null ? null : (
          <BracketsField
            key={bracketsText(state.brackets)}
            brackets={state.brackets}
            onChange={(brackets) => onChange({ brackets })}
          />
        )}
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

const ownBrackets = 'own';
/** 0, 1–3, 4–7, 8–14: those of `ux.md`. */
const firstBrackets = [1, 3, 4, 7];

/** Which units belong together (UX-RE2); what cannot be read is marked and changes nothing. */
function BracketsField({
  brackets,
  onChange,
}: {
  readonly brackets: readonly number[];
  readonly onChange: (brackets: number[]) => void;
}): ReactNode {
  const [broken, setBroken] = useState(false);
  const commit = (text: string): void => {
    const next = parseBrackets(text);
    setBroken(next === null);
    if (next !== null && bracketsText(next) !== bracketsText(brackets)) onChange(next);
  };
  return (
    <div className="grid gap-1">
      <Input
        aria-label="Brackets"
        aria-describedby="brackets-help"
        data-testid="brackets"
        invalid={broken}
        defaultValue={bracketsText(brackets)}
        onBlur={(event) => commit(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(event.currentTarget.value);
        }}
      />
      <p id="brackets-help" className={broken ? 'text-xs text-danger' : 'text-xs text-ink-3'}>
        From 0 on, one after the other without a hole, such as 0, 1–3, 4–7
      </p>
    </div>
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
