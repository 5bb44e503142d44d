import { z } from 'zod';
import { rangeStateSchema } from '#report/range.ts';

/** What a board shows beside what was saved of it: in the URL, so that a link shows the same (UX-P2). */
export const boardStateSchema = z.object({
  /** For all reports in the place of their own; null = each has its own. */
  range: rangeStateSchema.nullable(),
});
export type BoardState = z.infer<typeof boardStateSchema>;

export const initialBoardState: BoardState = { range: null };
