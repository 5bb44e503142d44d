import { z } from 'zod';
import { noteSchema, savedFields, savedIdSchema, titleSchema } from './saved-reports.ts';

/**
 * Boards (`ux.md` 18): pages of cards in a grid of twelve columns. Cards stand in the order of reading, each beside the
 * one before where there is room, else in the next row: what the eye, the keyboard and a phone with one column meet is
 * the same order.
 */
export const boardColumns = 12;
export const cardsMax = 100;

const place = {
  /** The card's own on its board: made by whoever adds it. */
  id: z.string().regex(/^[A-Za-z0-9-]{1,36}$/, 'must be 1 to 36 letters, digits or hyphens'),
  columns: z.number().int().min(3).max(boardColumns),
  /** Rows of the grid. */
  rows: z.number().int().min(1).max(12),
};

export const boardCardSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('report'), ...place, report: savedIdSchema }),
  /** Markdown; a heading is a text, too. */
  z.object({ type: z.literal('text'), ...place, text: z.string().max(10_000) }),
]);
export type BoardCard = z.infer<typeof boardCardSchema>;

export const boardCardsSchema = z
  .array(boardCardSchema)
  .max(cardsMax)
  .refine((cards) => new Set(cards.map(({ id }) => id)).size === cards.length, {
    error: 'two cards have the same id',
  });

export const newBoardSchema = z.object({
  title: titleSchema,
  description: noteSchema.default(''),
  cards: boardCardsSchema.default([]),
});
export type NewBoard = z.infer<typeof newBoardSchema>;

/** What is left out stays. */
export const boardChangeSchema = z.object({
  /** The version that the change was made of: another one by now is a CONFLICT. */
  version: z.number().int().min(1),
  title: titleSchema.optional(),
  description: noteSchema.optional(),
  cards: boardCardsSchema.optional(),
  /** In the navigation of everybody who sees the project. */
  pinned: z.boolean().optional(),
  archived: z.boolean().optional(),
});
export type BoardChange = z.infer<typeof boardChangeSchema>;

export const boardSummarySchema = z.object({
  ...savedFields,
  title: z.string(),
  description: z.string(),
  cardCount: z.number().int(),
  pinned: z.boolean(),
});
export type BoardSummary = z.infer<typeof boardSummarySchema>;

export const boardSchema = boardSummarySchema.extend({ cards: boardCardsSchema });
export type Board = z.infer<typeof boardSchema>;
