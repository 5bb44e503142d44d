import { listPointSchema } from '@arbor/schema/query';
import { z } from 'zod';

/** The number of a report whose list stands open beside it, as it is kept in the URL (UX-S7). */
export const listedNumberSchema = z.object({
  point: listPointSchema,
  what: z.enum(['users', 'events']),
  /** What the number says, in words. */
  title: z.string().max(1000),
});
export type ListedNumber = z.infer<typeof listedNumberSchema>;

/** One list behind a number, and how many entries it has where the number says so. */
export type DrillList = ListedNumber & {
  readonly label: string;
  readonly count: number | null;
};

/** What a click on a number of a report leads to (`ux.md` 8). */
export type DrillTarget = {
  readonly title: string;
  readonly lists: readonly DrillList[];
  /** Filters of the report by the segment that the number belongs to; absent where it belongs to none. */
  readonly narrow?: { readonly only: () => void; readonly without: () => void };
  /** The number as it is copied. */
  readonly value: number;
};

/** Opens the menu of a number beside the element that shows it. */
export type OpenDrill = (from: Element, target: DrillTarget) => void;
