import { expect, it } from 'vitest';
import type { EngineFigures } from '../measure/engine-times.ts';
import type { QuestionResult } from '../steps/query.ts';
import { memoryTable, ratioToPeers, timeTable } from './tables.ts';

const figures = (warmMs: number, coldMs: number | null = null): EngineFigures => ({
  warmMs,
  warmMsMin: warmMs,
  warmMsMax: warmMs,
  runs: 6,
  coldMs,
  cpuMs: warmMs * 2,
  peakMemoryMb: 100,
});

const question = (
  name: string,
  given: QuestionResult['figures'],
  problems: QuestionResult['problems'] = {},
): QuestionResult => ({
  name,
  title: 'a title',
  rowCount: 1,
  problems,
  figures: given,
  forms: {},
});

const rowsOf = (table: string): string[][] =>
  table.split('\n').map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

it('compares with the faster of the peers', () => {
  const given = { arbor: figures(100), clickhouse: figures(900), duckdb: figures(250) };
  expect(ratioToPeers(given)).toBe(2.5);
  expect(ratioToPeers({ arbor: figures(100) })).toBeNull();
  expect(ratioToPeers({ duckdb: figures(100) })).toBeNull();
});

it('shows warm and cold times, and at 100 M events the goal', () => {
  const results = [
    question('Q1', { arbor: figures(300, 900), duckdb: figures(1500, 2800) }),
    question('Q2', { arbor: figures(301), duckdb: figures(2160) }),
  ];
  const table = rowsOf(timeTable(results, { events: 100e6, stored: false }));
  expect(table[0]).toEqual(['question', 'Arbor', 'DuckDB', 'better peer / Arbor', 'goal']);
  expect(table[2]).toEqual([
    'Q1 a title',
    '300 ms (900 ms)',
    '1.50 s (2.80 s)',
    '5.0×',
    '350 ms reached, cold 800 ms missed',
  ]);
  expect(table[3]).toEqual(['Q2 a title', '301 ms', '2.16 s', '7.2×', '300 ms missed']);
  const small = rowsOf(timeTable(results, { events: 1e6, stored: false }));
  expect(small[0]).not.toContain('goal');
  const stored = rowsOf(timeTable(results, { events: 100e6, stored: true }));
  expect(stored[2].at(-1)).toBe('10.0 ms missed, cold 800 ms missed');
});

it('gives a question no figures when an answer differs', () => {
  const problems = { duckdb: 'differs from arbor: row 0\nmore' };
  const table = rowsOf(timeTable([question('Q1', {}, problems)], { events: 1e6, stored: false }));
  expect(table[2]).toEqual(['Q1 a title', 'no figures: duckdb differs from arbor: row 0']);
  const memory = rowsOf(memoryTable([question('Q1', {}, problems)]));
  expect(memory).toHaveLength(2);
});
