'use client';

import { useState, type ReactNode } from 'react';
import { DayPicker, type DateRange } from 'react-day-picker';
import { Button } from '#components/button.tsx';
import { dateLabel } from '#format/bucket.ts';
import { addMonths, type CalendarDate } from './calendar-date.ts';
import type { DayRange } from './range.ts';

export type RangeCalendarProps = DayRange & {
  readonly today: CalendarDate;
  readonly onTake: (range: DayRange) => void;
};

/** Any two days. The first click is the first day, the second the last; nothing runs before Apply. */
export function RangeCalendar({ from, to, today, onTake }: RangeCalendarProps): ReactNode {
  const [range, setRange] = useState<DateRange | undefined>({ from: toDate(from), to: toDate(to) });
  const chosen = dayRangeOf(range);
  return (
    <div className="calendar grid gap-2">
      <DayPicker
        mode="range"
        weekStartsOn={1}
        numberOfMonths={2}
        endMonth={toDate(today)}
        defaultMonth={monthBefore(to)}
        today={toDate(today)}
        disabled={{ after: toDate(today) }}
        selected={range}
        onSelect={setRange}
        resetOnSelect
      />
      <div className="flex items-center justify-between gap-3">
        <span className="text-xs text-ink-2 tabular" aria-live="polite">
          {chosen === null
            ? 'Choose two days'
            : `${dateLabel(chosen.from)} – ${dateLabel(chosen.to)}`}
        </span>
        <Button
          variant="primary"
          size="sm"
          data-testid="range-apply"
          disabled={chosen === null}
          onClick={() => {
            if (chosen !== null) onTake(chosen);
          }}
        >
          Apply
        </Button>
      </div>
    </div>
  );
}

function dayRangeOf(range: DateRange | undefined): DayRange | null {
  if (range?.from === undefined) return null;
  return { from: toDay(range.from), to: toDay(range.to ?? range.from) };
}

/** Of two months the one with the last day is the second. */
function monthBefore(day: CalendarDate): Date {
  return toDate(addMonths(day, -1));
}

/** The calendar's dates are days of the browser's clock at noon: no zone, no summer time moves them. */
function toDate(day: CalendarDate): Date {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date, 12);
}

function toDay(date: Date): CalendarDate {
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}
