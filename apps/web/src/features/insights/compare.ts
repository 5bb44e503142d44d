import type { ComparisonInput } from '@arbor/schema/query';
import { z } from 'zod';

/** What the figures of the report are held against (`ux.md` 5.3). */
export const pastPeriods = ['previous_period', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type PastPeriod = (typeof pastPeriods)[number];

export const pastLabels: Readonly<Record<PastPeriod, string>> = {
  previous_period: 'Previous period',
  day: 'A day before',
  week: 'A week before',
  month: 'A month before',
  quarter: 'A quarter before',
  year: 'A year before',
};

const asSchema = z.enum(['percent', 'difference']);

export const compareStateSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('past'), period: z.enum(pastPeriods) }),
  /** Against one segment, by its key; its name stands in the picker. */
  z.object({ type: z.literal('segment'), key: z.string(), name: z.string(), as: asSchema }),
  /** Against all segments together. */
  z.object({ type: z.literal('overall'), as: asSchema }),
]);
export type CompareState = z.infer<typeof compareStateSchema>;

/** The comparison that the server makes; undefined where the figures of the answer are enough. */
export function askedComparison(compare: CompareState | null): ComparisonInput | undefined {
  if (compare?.type !== 'past') return undefined;
  const { period } = compare;
  return period === 'previous_period' ? { type: period } : { type: 'previous', unit: period };
}

/** What is left of it when the segments are others: a time before stays one. */
export function withoutSegments(compare: CompareState | null): CompareState | null {
  return compare?.type === 'past' ? compare : null;
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
): readonly {
  readonly value: string;
  readonly label: string;
  readonly state: CompareState | null;
}[] {
  const past = pastPeriods.map((period) => ({
    label: pastLabels[period],
    state: { type: 'past', period } as const,
  }));
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
  return [{ label: 'No comparison', state: null }, ...past, ...overall, ...segment].map(
    (choice) => ({ ...choice, value: compareValue(choice.state) }),
  );
}

export function compareValue(compare: CompareState | null): string {
  if (compare === null) return 'none';
  return compare.type === 'past' ? compare.period : `${compare.type} ${compare.as}`;
}
