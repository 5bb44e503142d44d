import type { TimeUnit } from '@arbor/schema/query';
import { z } from 'zod';
import { dateLabel } from '#format/bucket.ts';
import { addDays, addMonths, dateIn, dayCount, type CalendarDate } from './calendar-date.ts';

/**
 * The range of a report. A preset is kept as such, so that a bookmarked "last 7 days" is always the
 * last seven; it becomes days when the query runs, in the project's zone.
 */
export const rangePresets = ['today', 'yesterday', '7d', '30d', '3m', '6m', '12m'] as const;
export type RangePreset = (typeof rangePresets)[number];

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
export const rangeStateSchema = z.union([
  z.object({ preset: z.enum(rangePresets) }),
  z.object({ from: date, to: date }),
]);
export type RangeState = z.infer<typeof rangeStateSchema>;

export type DayRange = { readonly from: CalendarDate; readonly to: CalendarDate };

/** The key after `d` that takes the preset (`ux.md` 5.1). */
export const presetInfo: Readonly<
  Record<RangePreset, { label: string; short: string; key: string }>
> = {
  today: { label: 'Today', short: 'Today', key: 'd' },
  yesterday: { label: 'Yesterday', short: 'Yesterday', key: 'e' },
  '7d': { label: 'Last 7 days', short: '7D', key: 'w' },
  '30d': { label: 'Last 30 days', short: '30D', key: 't' },
  '3m': { label: 'Last 3 months', short: '3M', key: '3' },
  '6m': { label: 'Last 6 months', short: '6M', key: '6' },
  '12m': { label: 'Last 12 months', short: '12M', key: 'l' },
};

/** The last N days include today; the last N months end today and begin on the day after, N months ago. */
export function resolveRange(range: RangeState, timezone: string, nowMs: number): DayRange {
  if ('from' in range) {
    return range.from <= range.to ? range : { from: range.to, to: range.from };
  }
  const today = dateIn(timezone, nowMs);
  const months = (count: number): DayRange => ({
    from: addDays(addMonths(today, -count), 1),
    to: today,
  });
  switch (range.preset) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case '7d':
      return { from: addDays(today, -6), to: today };
    case '30d':
      return { from: addDays(today, -29), to: today };
    case '3m':
      return months(3);
    case '6m':
      return months(6);
    case '12m':
      return months(12);
  }
}

export function rangeLabel(range: RangeState): string {
  if ('preset' in range) return presetInfo[range.preset].label;
  return range.from === range.to
    ? dateLabel(range.from)
    : `${dateLabel(range.from)} – ${dateLabel(range.to)}`;
}

/** The range inside a sentence: "No purchase in the last 7 days". */
export function rangePhrase(range: RangeState): string {
  if (!('preset' in range)) return `in ${rangeLabel(range)}`;
  const label = presetInfo[range.preset].label.toLowerCase();
  return range.preset === 'today' || range.preset === 'yesterday' ? label : `in the ${label}`;
}

/** The unit a range of this length is drawn in unless another was chosen (`ux.md` 5.2). */
export function automaticUnit({ from, to }: DayRange): TimeUnit {
  const days = dayCount(from, to);
  if (days <= 4) return 'hour';
  if (days <= 92) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/** The range before or after of the same length; a relative one becomes fixed by it (UX-D3). */
export function moveRange(range: DayRange, direction: -1 | 1): DayRange {
  const days = dayCount(range.from, range.to) * direction;
  return { from: addDays(range.from, days), to: addDays(range.to, days) };
}
