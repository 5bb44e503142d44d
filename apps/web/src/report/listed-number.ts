import { listPointSchema, rangeSchema } from '@arbor/schema/query';
import type { PropertyRef } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import { z } from 'zod';

/** The number of a report whose list stands open beside it, as it is kept in the URL (UX-S7). */
export const listedNumberSchema = z.object({
  point: listPointSchema,
  what: z.enum(['users', 'events']),
  /** What the number says, in words: as many as stand in a head, for a segment of five long texts has thousands. */
  title: z.string().transform((title) => title.slice(0, 1000)),
  /**
   * The dates of the question that the number came from: "last 7 days" are others tomorrow, and what lies behind the
   * number would be, too. Absent in links of versions that did not keep them.
   */
  range: rangeSchema.optional(),
});
export type ListedNumber = z.infer<typeof listedNumberSchema>;

/** The number with the dates of the question that answered it, wherever a link to its list is opened. */
export function withDates(
  listed: ListedNumber,
  question: { readonly range: NonNullable<ListedNumber['range']> } | null,
): ListedNumber {
  return question === null ? listed : { ...listed, range: question.range };
}

/** One list behind a number, and how many entries it has where the number says so. */
export type DrillList = ListedNumber & {
  readonly label: string;
  readonly count: number | null;
};

/** What a click on a number of a report leads to (`ux.md` 8). */
export type DrillTarget = {
  readonly title: string;
  readonly lists: readonly DrillList[];
  /** The segment that the number belongs to; null = of all together. */
  readonly segment: Segment | null;
  /** The number as it is copied. */
  readonly value: number;
};

/** What else the menu does, besides listing: it changes the report. */
export type DrillActions = {
  /** Filters by the segment of the number; absent where it belongs to none that a filter can name. */
  readonly narrow?: { readonly only: () => void; readonly without?: () => void };
  /** Splits the number by a property; absent where the report takes no breakdown. */
  readonly breakDown?: (property: PropertyRef) => void;
  /** Why it cannot be split, where that would puzzle. */
  readonly noBreakDown?: string;
  /** Holds the other segments against that of the number; absent where it belongs to none. */
  readonly compare?: () => void;
};

/** Opens the menu of a number beside the element that shows it. */
export type OpenDrill = (from: Element, target: DrillTarget) => void;
