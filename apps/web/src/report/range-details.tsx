'use client';

import { useState, type ReactNode } from 'react';
import { Button } from '#components/button.tsx';
import { Checkbox } from '#components/checkbox.tsx';
import { Select } from '#components/select.tsx';
import { Input } from '#components/text-field.tsx';
import { addDays } from './calendar-date.ts';
import { hasTime, timeLabel } from './local-time.ts';
import { NumberField } from './number-field.tsx';
import {
  calendarUnits,
  lastUnits,
  presetInfo,
  rangeUnitsMax,
  type DayRange,
  type RangeState,
  type RelativeState,
} from './range.ts';

type Kind = 'fixed' | 'last' | 'since' | 'toDate' | 'previous';

const kindLabels: Readonly<Record<Kind, string>> = {
  fixed: 'From … to',
  last: 'The last …',
  since: 'Since …',
  toDate: 'To date',
  previous: 'Previous',
};

export type RangeDetailsProps = {
  readonly value: RangeState;
  /** What the range is today. */
  readonly days: DayRange;
  readonly today: string;
  readonly onTake: (range: RangeState) => void;
};

/** The kinds of ranges with all that they can say (UX-D1); nothing runs before Apply. */
export function RangeDetails({ value, days, today, onTake }: RangeDetailsProps): ReactNode {
  const [range, setRange] = useState(() => editable(value));
  const kind = kindOf(range);
  const take = (next: Kind): void => setRange(startOfKind(next, days, today));
  return (
    <fieldset aria-label="Kind of range" className="grid content-start gap-2 p-3 sm:w-56">
      <Select
        label="Kind of range"
        testId="range-kind"
        value={kind}
        options={(['fixed', 'last', 'since', 'toDate', 'previous'] as const).map((each) => ({
          value: each,
          label: kindLabels[each],
        }))}
        onChange={take}
      />
      <KindFields range={range} onChange={setRange} />
      <Button
        variant="primary"
        size="sm"
        className="justify-self-end"
        data-testid="range-take"
        onClick={() => onTake(range)}
      >
        Take
      </Button>
    </fieldset>
  );
}

type FieldsProps = {
  readonly range: RangeState;
  readonly onChange: (range: RangeState) => void;
};

function KindFields({ range, onChange }: FieldsProps): ReactNode {
  if ('from' in range) return <FixedFields range={range} onChange={onChange} />;
  if ('last' in range) return <LastFields range={range} onChange={onChange} />;
  if ('since' in range) {
    return (
      <Input
        type="date"
        aria-label="First day"
        data-testid="range-since"
        value={range.since}
        onChange={({ target }) => {
          if (target.value !== '') onChange({ since: target.value });
        }}
      />
    );
  }
  if ('preset' in range) return null;
  const isToDate = 'toDate' in range;
  return (
    <Select
      label={isToDate ? 'Begun with' : 'Which'}
      testId="range-calendar-unit"
      value={isToDate ? range.toDate : range.previous}
      options={calendarUnits.map((unit) => ({
        value: unit,
        label: isToDate ? `this ${unit}` : `the ${unit} before`,
      }))}
      onChange={(unit) => onChange(isToDate ? { toDate: unit } : { previous: unit })}
    />
  );
}

function LastFields({
  range,
  onChange,
}: FieldsProps & { readonly range: Extract<RelativeState, { last: unknown }> }): ReactNode {
  const { last, unit, ago = 0, complete = false } = range;
  return (
    <>
      <span className="flex items-center gap-1">
        <NumberField
          label="How many"
          testId="range-last"
          min={1}
          max={rangeUnitsMax}
          value={last}
          onChange={(next) => onChange({ ...range, last: Math.round(next) })}
        />
        <Select
          label="Units"
          testId="range-last-unit"
          value={unit}
          options={lastUnits.map((value) => ({ value, label: `${value}s` }))}
          onChange={(next) => onChange({ ...range, unit: next })}
        />
      </span>
      <span className="flex items-center gap-1 text-ink-2">
        up to
        <NumberField
          label="Ending so many units ago"
          testId="range-ago"
          min={0}
          max={rangeUnitsMax}
          value={ago}
          onChange={(next) => onChange({ ...range, ago: Math.round(next) })}
        />
        {unit}s ago
      </span>
      <span className="flex items-center gap-2 text-ink-2">
        <Checkbox
          label="Complete periods only"
          checked={complete}
          onChange={(next) => onChange({ ...range, complete: next })}
        />
        Complete periods only
      </span>
    </>
  );
}

/** Two days, and the minutes of them where a part of a day is meant. */
function FixedFields({
  range,
  onChange,
}: FieldsProps & { readonly range: Extract<RangeState, { from: unknown }> }): ReactNode {
  const { from, to } = range;
  const timed = hasTime(from);
  const days = { from: from.slice(0, 10), to: to.slice(0, 10) };
  const at = (day: string, clock: string, second: string): string => `${day}T${clock}:${second}`;
  const change = (next: Partial<DayRange>): void => {
    const own = { ...days, ...next };
    onChange(
      timed
        ? { from: at(own.from, timeLabel(from), '00'), to: at(own.to, timeLabel(to), '59') }
        : own,
    );
  };
  return (
    <>
      {(['from', 'to'] as const).map((end) => (
        <span key={end} className="flex items-center gap-1">
          <Input
            type="date"
            aria-label={end === 'from' ? 'First day' : 'Last day'}
            data-testid={`range-${end}`}
            value={days[end]}
            onChange={({ target }) => {
              if (target.value !== '') change({ [end]: target.value });
            }}
          />
          {timed ? (
            <Input
              type="time"
              aria-label={end === 'from' ? 'First minute' : 'Last minute'}
              data-testid={`range-${end}-time`}
              className="w-24!"
              value={timeLabel(range[end])}
              onChange={({ target }) => {
                if (target.value === '') return;
                const second = end === 'from' ? '00' : '59';
                onChange({ from, to, [end]: at(days[end], target.value, second) });
              }}
            />
          ) : null}
        </span>
      ))}
      <span className="flex items-center gap-2 text-ink-2">
        <Checkbox
          label="With times"
          checked={timed}
          onChange={(next) =>
            onChange(
              next ? { from: at(days.from, '00:00', '00'), to: at(days.to, '23:59', '59') } : days,
            )
          }
        />
        With times
      </span>
    </>
  );
}

/** A preset as the kind that it is of, so that it can be changed from there. */
function editable(range: RangeState): RangeState {
  if (!('preset' in range)) return 'from' in range ? withoutOffsets(range) : range;
  const { state } = presetInfo[range.preset];
  if (state === 'day') return { last: 1, unit: 'day' };
  if (state === 'day before') return { last: 1, unit: 'day', ago: 1 };
  return 'last' in state ? { ...state, complete: range.complete } : state;
}

/** Fields show the time of the wall. */
function withoutOffsets({ from, to }: DayRange): DayRange {
  return { from: from.slice(0, 19), to: to.slice(0, 19) };
}

function kindOf(range: RangeState): Kind {
  if ('last' in range || 'preset' in range) return 'last';
  if ('toDate' in range) return 'toDate';
  if ('previous' in range) return 'previous';
  return 'since' in range ? 'since' : 'fixed';
}

function startOfKind(kind: Kind, days: DayRange, today: string): RangeState {
  switch (kind) {
    case 'fixed':
      return { from: days.from.slice(0, 10), to: days.to.slice(0, 10) };
    case 'last':
      return { last: 30, unit: 'day' };
    case 'since':
      return { since: addDays(today, -30) };
    case 'toDate':
      return { toDate: 'month' };
    case 'previous':
      return { previous: 'month' };
  }
}
