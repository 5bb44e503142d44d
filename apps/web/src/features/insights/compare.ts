import { z } from 'zod';
import type { CalendarDate } from '#report/calendar-date.ts';
import {
  pastCompareSchema,
  startCompareSchema,
  timeChoices,
  timeCompareValue,
  type CompareChoice,
  type TimeCompare,
} from '#report/time-comparison.ts';

const asSchema = z.enum(['percent', 'difference']);

/** What the figures of the report are held against (`ux.md` 5.3). */
export const compareStateSchema = z.discriminatedUnion('type', [
  pastCompareSchema,
  startCompareSchema,
  /** Against one segment, by its key; its name stands in the picker. */
  z.object({ type: z.literal('segment'), key: z.string(), name: z.string(), as: asSchema }),
  /** Against all segments together. */
  z.object({ type: z.literal('overall'), as: asSchema }),
]);
export type CompareState = z.infer<typeof compareStateSchema>;

/** Against another time, which the server asks about too. */
export function isOfTime(compare: CompareState | null): compare is TimeCompare {
  return compare?.type === 'past' || compare?.type === 'start';
}

/** What the server is asked about, and what is left when the segments are others; null where the figures are enough. */
export function timeOf(compare: CompareState | null): TimeCompare | null {
  return isOfTime(compare) ? compare : null;
}

/** A value held against another; a gap where one is missing, or where nothing can be divided by. */
export function heldAgainst(
  value: number | null,
  reference: number | null,
  as: z.infer<typeof asSchema>,
): number | null {
  if (value === null || reference === null) return null;
  if (as === 'difference') return value - reference;
  return reference === 0 ? null : value / reference;
}

/** The choices of the picker, by the text that the URL would have of them. */
export function compareChoices(
  compare: CompareState | null,
  hasBreakdown: boolean,
  start: CalendarDate,
): readonly CompareChoice<CompareState>[] {
  const overall = hasBreakdown
    ? ([
        { label: 'Percent of overall', state: { type: 'overall', as: 'percent' } },
        { label: 'Difference to overall', state: { type: 'overall', as: 'difference' } },
      ] as const)
    : [];
  const segment =
    compare?.type === 'segment'
      ? ([
          { label: `Percent of ${compare.name}`, state: { ...compare, as: 'percent' } },
          { label: `Difference to ${compare.name}`, state: { ...compare, as: 'difference' } },
        ] as const)
      : [];
  return [
    ...timeChoices(timeOf(compare), start),
    ...[...overall, ...segment].map((choice) => ({ ...choice, value: compareValue(choice.state) })),
  ];
}

export function compareValue(compare: CompareState | null): string {
  if (compare === null || isOfTime(compare)) return timeCompareValue(compare);
  return `${compare.type} ${compare.as}`;
}
