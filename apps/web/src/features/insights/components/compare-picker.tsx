'use client';

import type { ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { useNow } from '#format/use-now.ts';
import { addDays } from '#report/calendar-date.ts';
import { NumberField } from '#report/number-field.tsx';
import { resolveRange } from '#report/range.ts';
import { useShortcut } from '#shortcuts/shortcuts.tsx';
import { compareChoices, compareValue, type CompareState, type PastCompare } from '../compare.ts';
import type { InsightsState } from '../state.ts';

/** What the figures are held against: a time before, or other segments (`ux.md` 5.3). */
export function ComparePicker({
  state,
  onChange,
}: {
  readonly state: InsightsState;
  readonly onChange: (change: Partial<InsightsState>) => void;
}): ReactNode {
  const { compare, breakdowns, range } = state;
  const { timezone } = useProject();
  const { from } = resolveRange(range, timezone, useNow());
  const choices = compareChoices(compare, breakdowns.length > 0, addDays(from, -30));
  const take = (next: CompareState | null): void => onChange({ compare: next });
  useShortcut('x', 'Comparison on or off', () =>
    take(compare === null ? { type: 'past', period: 'previous_period' } : null),
  );
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <Select
        label="Compare"
        testId="compare"
        className="max-w-56"
        value={compareValue(compare)}
        options={choices.map(({ value, label }) => ({ value, label }))}
        onChange={(next) => {
          const choice = choices.find(({ value }) => value === next);
          if (choice !== undefined) take(choice.state);
        }}
      />
      {compare?.type === 'past' ? <PastFields compare={compare} onChange={take} /> : null}
      {compare?.type === 'start' ? (
        <Input
          type="date"
          className="w-36!"
          aria-label="Compared with the time from"
          data-testid="compare-start"
          value={compare.date}
          onChange={({ target }) => {
            if (target.value !== '') take({ type: 'start', date: target.value });
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
