import type { Row } from '../peers/peer.ts';
import { dayMs, systems } from '../world/vocabulary.ts';
import { eventOf, eventProperty, resultOf, wholeRange, type BenchQuery } from './bench-query.ts';
import { clickhouseMs, duckdbMs } from './sql-time.ts';

const shortSteps = ['view_item', 'add_to_cart', 'purchase'];
const longSteps = ['page_view', 'view_item', 'add_to_cart', 'checkout', 'purchase'];
const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join();

export const shortFunnel: BenchQuery = {
  name: 'Q5',
  title: 'funnel of 3 steps, 7 days',
  goal: { rows: 0.4, cold: 1 },
  ask: (filters) => ({
    type: 'funnel',
    range: wholeRange,
    steps: shortSteps.map((event) => eventOf(event, filters)),
    window: { value: 7, unit: 'day' },
    entry: 'any',
    timing: false,
  }),
  rowsOf: (result) => [resultOf(result, 'funnel').steps.map(({ count }) => count)],
  clickhouse: (events) => [
    `SELECT countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) FROM (
       SELECT windowFunnel(${7 * dayMs})(toUInt64(${clickhouseMs}), event = 'view_item', event = 'add_to_cart',
         event = 'purchase') AS level FROM ${events} WHERE event IN (${quoted(shortSteps)}) GROUP BY uid)`,
  ],
  duckdb: (events) => {
    const chain = startChain({ events, steps: shortSteps, windowMs: 7 * dayMs, start: duckdbMs });
    const counts = shortSteps.map((_, i) => `(SELECT count(DISTINCT uid) FROM level${i + 1})`);
    return [`WITH ${chain} SELECT ${counts.join()}`];
  },
};

/**
 * A user belongs to the system of the entry whose attempt first came to the user's highest step, and of
 * several such entries to the latest. A level holds the rows of its step that follow a row of the level
 * before in time, with the latest start that this one could have.
 */
export const longFunnel: BenchQuery = {
  name: 'Q6',
  title: 'funnel of 5 steps by $os of the first, 14 days, median time',
  goal: { rows: 1.5 },
  ask: (filters) => ({
    type: 'funnel',
    range: wholeRange,
    steps: longSteps.map((event) => eventOf(event, filters)),
    window: { value: 14, unit: 'day' },
    entry: 'any',
    breakdowns: [{ property: eventProperty('$os') }],
  }),
  rowsOf: (result) =>
    resultOf(result, 'funnel').segments.map(({ segment, steps }): Row => {
      const median = steps.at(-1)?.medianFromEntryMs ?? NaN;
      return [segment.text, ...steps.map(({ count }) => count), median];
    }),
  clickhouse: (events) => [clickhouseArrays(events, 14 * dayMs)],
  duckdb: (events) => [duckdbChain(events, 14 * dayMs)],
};

/** Per user an array of packed rows (ms · 64 + step · 8 + system), and per level the start of each row. */
function clickhouseArrays(events: string, windowMs: number): string {
  const systemCode = `transform(os, [${quoted(systems)}], [${systems.map((_, i) => i).join()}], 7)`;
  const stepCode = `transform(event, [${quoted(longSteps)}], [1, 2, 3, 4, 5], 0)`;
  const started = (level: number): string =>
    `arrayMap((x, s, b) -> if(s = ${level} AND b != 0
       AND bitShiftRight(x, 6) - bitShiftRight(b, 6) <= ${windowMs}, b, 0), rows, step, open${level - 1})`;
  const levels = [2, 3, 4, 5].flatMap((level) => [
    `${started(level)} AS start${level}`,
    `arrayFill(x -> x != 0, start${level}) AS open${level}`,
  ]);
  const highest = [5, 4, 3, 2].map((level) => `open${level}[-1] != 0, ${level}`);
  const begun = [5, 4, 3, 2].map(
    (level) => `level = ${level}, arrayFirst(x -> x != 0, start${level})`,
  );
  return `WITH packed AS (SELECT arraySort(groupArray(
      bitShiftLeft(toUInt64(${clickhouseMs}), 6) + toUInt64(${stepCode} * 8 + ${systemCode}))) AS rows
    FROM ${events} WHERE event IN (${quoted(longSteps)}) GROUP BY uid),
  users AS (SELECT arrayMap(x -> bitAnd(bitShiftRight(x, 3), 7), rows) AS step,
      arrayMap((x, s) -> if(s = 1, x, 0), rows, step) AS start1, arrayFill(x -> x != 0, start1) AS open1,
      ${levels.join()},
      multiIf(${highest.join()}, open1[-1] != 0, 1, 0) AS level,
      multiIf(${begun.join()}, arrayFirst(x -> x != 0, start1)) AS start,
      bitShiftRight(rows[arrayFirstIndex(x -> x != 0, start5)], 6) - bitShiftRight(start, 6) AS took
    FROM packed)
  SELECT [${quoted(systems)}][bitAnd(start, 7) + 1] AS system, countIf(level >= 1), countIf(level >= 2),
    countIf(level >= 3), countIf(level >= 4), countIf(level >= 5), quantileExactInclusiveIf(0.5)(took, level = 5)
  FROM users WHERE level > 0 GROUP BY system`;
}

/** Common table expressions level1 … levelN with (uid, t, s): each row of a step and the start it has. */
function startChain(chain: {
  events: string;
  steps: readonly string[];
  windowMs: number;
  /** What level 1 keeps as its start, and how to get the ms back out of it. */
  start: string;
  startMs?: (start: string) => string;
}): string {
  const { events, steps, windowMs, start, startMs = (text) => text } = chain;
  return steps
    .map((step, index) => {
      const rows = `FROM ${events} WHERE event = '${step}'`;
      if (index === 0)
        return `level1 AS MATERIALIZED (SELECT uid, ${duckdbMs} AS t, ${start} AS s ${rows})`;
      return `level${index + 1} AS MATERIALIZED (SELECT e.uid, e.t, l.s FROM (SELECT uid, ${duckdbMs} AS t ${rows}) e
        ASOF JOIN level${index} l ON e.uid = l.uid AND e.t > l.t WHERE e.t - ${startMs('l.s')} <= ${windowMs})`;
    })
    .join(',\n');
}

function duckdbChain(events: string, windowMs: number): string {
  const start = `(${duckdbMs} * 8 + enum_code(os))`;
  const startMs = (text: string): string => `(${text} // 8)`;
  const chain = startChain({ events, steps: longSteps, windowMs, start, startMs });
  const firsts = longSteps.map(
    (_, i) =>
      `SELECT uid, ${i + 1} AS level, min(t) AS t, arg_min(s, t) AS s FROM level${i + 1} GROUP BY uid`,
  );
  const counts = longSteps.map((_, i) => `count(*) FILTER (level >= ${i + 1})`);
  return `WITH ${chain},
  firsts AS (${firsts.join(' UNION ALL ')}),
  users AS (SELECT uid, max(level) AS level, arg_max(s, level) AS s, arg_max(t, level) AS t FROM firsts GROUP BY uid)
  SELECT enum_range(NULL::enum_systems)[s % 8 + 1] AS system, ${counts.join()},
    quantile_cont((t - ${startMs('s')})::DOUBLE, 0.5) FILTER (level = 5)
  FROM users GROUP BY system`;
}
