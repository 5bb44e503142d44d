import { expect, it } from 'vitest';
import { optionsOf } from './options.ts';

it('measures Arbor alone on a small shop unless told otherwise', () => {
  expect(optionsOf({})).toMatchObject({
    events: 1_000_000,
    seed: 42,
    peers: [],
    steps: ['gen', 'load', 'query', 'report'],
    stored: false,
    cold: true,
    threads: 2,
    cacheMb: undefined,
  });
  expect(optionsOf({}).queries).toHaveLength(12);
});

it('takes lists in the order of the set', () => {
  const options = optionsOf({ peers: 'duckdb,clickhouse', queries: 'Q12,Q2', 'no-cold': true });
  expect(options.peers).toEqual(['clickhouse', 'duckdb']);
  expect(options.queries).toEqual(['Q2', 'Q12']);
  expect(options.cold).toBe(false);
});

it.each([
  [{ events: '1e3' }, '--events "1e3": must be a whole number from 10000 on'],
  [{ events: '' }, '--events "": must be a whole number from 10000 on'],
  [{ runs: '0' }, '--runs "0": must be a whole number from 1 on'],
  [{ peers: 'sqlite' }, '--peers "sqlite": must be of clickhouse, duckdb'],
  [{ steps: 'gen,run' }, '--steps "run": must be of gen, load, query, options, report'],
])('refuses %o', (values, message) => {
  expect(() => optionsOf(values)).toThrow(message);
});
