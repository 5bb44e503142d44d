import { expect, test } from 'vitest';
import { bestSegments } from './rank.ts';

function segment(text: string, rank: number | null, type: 'string' | 'number' = 'string') {
  return { segment: { type, text }, rank };
}

test('ranks by number, ties by name, what has no value last', () => {
  const segments = [
    segment('none', null),
    segment('b', 1),
    segment('B', 1),
    segment('negative', -5),
    segment('1', 1),
    segment('1', 1, 'number'),
    segment('best', 9),
  ];
  const names = bestSegments(segments, 7).map((own) => `${own.segment.type} ${own.segment.text}`);
  expect(names).toEqual([
    'string best',
    'number 1',
    'string 1',
    'string B',
    'string b',
    'string negative',
    'string none',
  ]);
});

test('cuts after ranking', () => {
  const best = bestSegments([segment('a', 1), segment('b', 3), segment('c', 2)], 2);
  expect(best.map(({ rank }) => rank)).toEqual([3, 2]);
});
