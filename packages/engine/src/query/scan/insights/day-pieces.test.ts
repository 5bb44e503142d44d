import { expect, test } from 'vitest';
import { DayCutter, fitPieces, piecesOfRows } from './day-pieces.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

function piecesAt(edges: number[], startMs: number, times: number[]): number[] {
  const pieces = new DayCutter(Float64Array.from(edges)).of(startMs);
  const out = new Uint8Array(times.length);
  const rows = Uint32Array.from(times, (_, i) => i);
  piecesOfRows(Uint32Array.from(times), rows, times.length, pieces, out);
  return Array.from(out, (piece) => pieces.first + piece);
}

test('a day that no edge cuts lies in one piece', () => {
  const cutter = new DayCutter(Float64Array.of(dayMs, 2 * dayMs));
  expect(cutter.of(0)).toMatchObject({ first: 0, count: 1 });
  expect(cutter.of(dayMs)).toMatchObject({ first: 1, count: 1 });
  expect(cutter.of(2 * dayMs)).toMatchObject({ first: 2, count: 1 });
});

test('an edge belongs to the piece that it begins', () => {
  expect(piecesAt([5 * hourMs], 0, [5 * hourMs - 1, 5 * hourMs])).toEqual([0, 1]);
});

test('edges need not begin a quarter of an hour', () => {
  const edges = [1, 2, 900_001, dayMs - 1];
  expect(piecesAt(edges, 0, [0, 1, 2, 900_000, 900_001, dayMs - 2, dayMs - 1])).toEqual([
    0, 1, 2, 2, 3, 3, 4,
  ]);
});

test('more edges than a mask has bits are our own mistake', () => {
  const edges = Float64Array.from({ length: 40 }, (_, i) => i + 1);
  expect(() => new DayCutter(edges).of(0)).toThrow('40 edges lie within the UTC day of 0');
});

test('a day holds as many edges as its pieces can be told apart', () => {
  const minutes = (count: number, startMs: number) =>
    Float64Array.from({ length: count }, (_, i) => startMs + i * 60_000);
  expect(fitPieces(minutes(30, 86_400_000))).toBe(true);
  expect(fitPieces(minutes(31, 86_400_000))).toBe(false);
  expect(fitPieces(minutes(60, 86_400_000 - 30 * 60_000))).toBe(true);
});
