import { expect, test } from 'vitest';
import { bucketAt } from './plot-place.ts';

const place = { left: 50, right: 30, width: 180, bucketCount: 5 };

test('a point of a line is the nearest one, the first and the last at the edges', () => {
  const at = (px: number) => bucketAt(px, { ...place, banded: false });
  expect([50, 62, 63, 100, 150].map(at)).toEqual([0, 0, 1, 2, 4]);
});

test('a column has as much room as any other', () => {
  const at = (px: number) => bucketAt(px, { ...place, banded: true });
  expect([50, 69, 70, 149].map(at)).toEqual([0, 0, 1, 4]);
});

test('beyond the edges it is the one at the edge', () => {
  for (const banded of [true, false]) {
    expect(bucketAt(-10, { ...place, banded })).toBe(0);
    expect(bucketAt(500, { ...place, banded })).toBe(4);
  }
  expect(bucketAt(90, { ...place, bucketCount: 1, banded: false })).toBe(0);
});
