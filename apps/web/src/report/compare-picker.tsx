'use client';

import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { useNow } from '#format/use-now.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { addDays } from './calendar-date.ts';
import { NumberField } from './number-field.tsx';
import { resolveRange, type RangeState } from './range.ts';
import {
  timeChoices,
  pastCountMax,
  timeCompareValue,
  type CompareChoice,
  type PastCompare,
  type TimeCompare,
} from './time-comparison.ts';

/** A time before, that the figures of the report are held against (`ux.md` 5.3). */
export function TimeComparePicker({
  compare,
  range,
  onChange,
}: {
  readonly compare: TimeCompare | null;
  readonly range: RangeState;
  readonly onChange: (compare: TimeCompare | null) => void;
}): ReactNode {
  return (
    <ComparePicker
      time={compare}
      value={timeCompareValue(compare)}
      choices={timeChoices(compare, useCompareStart(range))}
      onChange={onChange}
    />
  );
}

/** A day that a comparison with a fixed start begins with, until another is chosen. */
export function useCompareStart(range: RangeState): string {
  const { timezone } = useProject();
  return addDays(resolveRange(range, timezone, useNow()).from, -30);
}

export type ComparePickerProps<C> = {
  /** The comparison, where it is with another time. */
  readonly time: TimeCompare | null;
  /** The choice that was made. */
  readonly value: string;
  readonly choices: readonly CompareChoice<C>[];
  readonly onChange: (compare: C | TimeCompare | null) => void;
};

/** Any of the choices, and what can be said about a time. */
export function ComparePicker<C>({
  time,
  value,
  choices,
  onChange,
}: ComparePickerProps<C>): ReactNode {
  useShortcut('x', 'Comparison on or off', () =>
    onChange(value === 'none' ? { type: 'past', period: 'previous_period' } : null),
  );
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <Select
        label="Compare"
        testId="compare"
        className="max-w-56"
        value={value}
        options={choices.map((choice) => ({ value: choice.value, label: choice.label }))}
        onChange={(next) => {
          const choice = choices.find((each) => each.value === next);
          if (choice !== undefined) onChange(choice.state);
        }}
      />
      {time?.type === 'past' ? <PastFields compare={time} onChange={onChange} /> : null}
      {time?.type === 'start' ? (
        <Input
          type="date"
          className="w-36!"
          aria-label="Compared with the time from"
          data-testid="compare-start"
          value={time.date}
          onChange={({ target }) => {
            if (target.value !== '') onChange({ type: 'start', date: target.value });
          }}
        />
      ) : null}
    </span>
  );
}

/** How many units before, and whether weekdays must meet. */
function PastFields({
  compare,
  onChange,
}: {
  readonly compare: PastCompare;
  readonly onChange: (compare: PastCompare) => void;
}): ReactNode {
  const { period, count = 1, sameWeekday = false } = compare;
  return (
    <>
      {period === 'previous_period' ? null : (
        <span className="flex items-center gap-1 text-ink-2">
          ×
          <NumberField
            label={`How many ${period}s before`}
            testId="compare-count"
            min={1}
            max={pastCountMax}
            value={count}
            onChange={(next) => onChange({ ...compare, count: Math.round(next) })}
          />
        </span>
      )}
      <span className="flex items-center gap-1.5 text-xs text-ink-2" data-testid="compare-weekday">
        <Checkbox
          label="Same weekday"
          checked={sameWeekday}
          onChange={(next) => onChange({ ...compare, sameWeekday: next })}
        />
        Same weekday
      </span>
    </>
  );
}
