import { boardColumns, type BoardCard } from '@arbor/schema/boards';

/** Changes of the cards of a board; their order is that of reading, and the grid follows from it and from widths. */
export type Cards = readonly BoardCard[];

/** Widths and heights that keys and menus step through, and their ends. */
export const columnStep = 1;
export const columnsMin = 3;
export const rowsMin = 1;
export const rowsMax = 12;

/** Pixels of a row of the grid, and between rows. */
export const rowHeight = 64;
export const rowGap = 16;

/** Pixels that a card of so many rows is high. */
export function cardHeight(rows: number): number {
  return rows * rowHeight + (rows - 1) * rowGap;
}

export function placeOf(cards: Cards, id: string): number {
  return cards.findIndex((card) => card.id === id);
}

/** The card at another place; beyond the ends it stays at the end. Equal to `cards` where nothing moves. */
export function moveCard(cards: Cards, id: string, to: number): Cards {
  const from = placeOf(cards, id);
  const card = cards[from];
  const place = Math.min(Math.max(to, 0), cards.length - 1);
  if (card === undefined || place === from) return cards;
  return cards.toSpliced(from, 1).toSpliced(place, 0, card);
}

/** A card wider or higher by steps of the grid, within what cards may be. */
export function resizeCard(
  cards: Cards,
  id: string,
  by: { readonly columns?: number; readonly rows?: number },
): Cards {
  return cards.map((card) =>
    card.id === id
      ? {
          ...card,
          columns: clamp(card.columns + (by.columns ?? 0), columnsMin, boardColumns),
          rows: clamp(card.rows + (by.rows ?? 0), rowsMin, rowsMax),
        }
      : card,
  );
}

export function removeCard(cards: Cards, id: string): Cards {
  return cards.filter((card) => card.id !== id);
}

export function writeText(cards: Cards, id: string, text: string): Cards {
  return cards.map((card) => (card.id === id && card.type === 'text' ? { ...card, text } : card));
}

export function textCard(id: string): BoardCard {
  return { type: 'text', id, columns: boardColumns, rows: 1, text: '' };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
