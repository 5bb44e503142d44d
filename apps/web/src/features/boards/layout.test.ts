import { boardCardsSchema } from '@arbor/schema/boards';
import { describe, expect, test } from 'vitest';
import { newReportCard } from '#report/report-types.ts';
import {
  cardHeight,
  moveCard,
  removeCard,
  resizeCard,
  textCard,
  writeText,
  type Cards,
} from './layout.ts';

const reportCard = (id: string, report: number) =>
  newReportCard(id, { id: report, type: 'insights' });
const cards: Cards = [reportCard('a', 1), reportCard('b', 2), textCard('c')];
const ids = (list: Cards): string => list.map(({ id }) => id).join('');

test('new cards are such as the API takes', () => {
  expect(boardCardsSchema.parse(cards)).toEqual(cards);
});

describe('moving', () => {
  test('puts a card at a place and closes the gap', () => {
    expect(ids(moveCard(cards, 'a', 1))).toBe('bac');
    expect(ids(moveCard(cards, 'a', 2))).toBe('bca');
    expect(ids(moveCard(cards, 'c', 0))).toBe('cab');
  });

  test('stops at the ends, and leaves the list as it is where nothing moves', () => {
    expect(moveCard(cards, 'a', -1)).toBe(cards);
    expect(moveCard(cards, 'c', 9)).toBe(cards);
    expect(moveCard(cards, 'x', 0)).toBe(cards);
  });
});

describe('size', () => {
  test('changes by steps of the grid, of one card alone', () => {
    const wider = resizeCard(cards, 'a', { columns: 2, rows: -1 });
    expect(wider[0]).toMatchObject({ columns: 8, rows: 4 });
    expect(wider[1]).toEqual(cards[1]);
  });

  test('stays within what the API takes', () => {
    const large = resizeCard(cards, 'a', { columns: 99, rows: 99 });
    expect(large[0]).toMatchObject({ columns: 12, rows: 12 });
    const small = resizeCard(cards, 'a', { columns: -99, rows: -99 });
    expect(small[0]).toMatchObject({ columns: 3, rows: 1 });
    expect(() => boardCardsSchema.parse([...large, ...removeCard(small, 'a')])).toThrow(
      'two cards have the same id',
    );
    expect(boardCardsSchema.parse(small)).toEqual(small);
  });

  test('of a card of several rows has the gaps between them', () => {
    expect(cardHeight(1)).toBe(64);
    expect(cardHeight(3)).toBe(3 * 64 + 2 * 16);
  });
});

test('a text is written to its card and to no report', () => {
  expect(writeText(cards, 'c', '# Hello')[2]).toMatchObject({ text: '# Hello' });
  expect(writeText(cards, 'a', '# Hello')).toEqual(cards);
});

test('a card is taken away', () => {
  expect(ids(removeCard(cards, 'b'))).toBe('ac');
});
