import type { Row } from '../peers/peer.ts';
import { eventOf, personProperty, resultOf, wholeRange, type BenchQuery } from './bench-query.ts';
import { clickhouseDay, duckdbDay } from './sql-time.ts';

/** Weeks 0 … 12 of the data; week 12 has six days. */
const lastWeek = 12;
const lastDay = 30;
/** Who signed up on one of these days has all the following days within the data. */
const signUpDays = 60;

export const weeklyRetention: BenchQuery = {
  name: 'Q7',
  title: 'weekly retention from signup to any event, 12 weeks',
  goal: { rows: 0.4, stored: 0.06 },
  ask: (filters) => ({
    type: 'retention',
    range: wholeRange,
    birth: eventOf('signup', filters),
    return: eventOf(null, filters),
    unit: 'week',
    mode: 'calendar',
    criterion: 'on',
    births: 'first',
    intervals: lastWeek + 1,
  }),
  rowsOf: (result) =>
    resultOf(result, 'retention').cohorts.flatMap(({ size, counts }, week) =>
      counts.slice(0, lastWeek - week + 1).map((count, n): Row => {
        // The birth itself is an event of interval 0.
        return [week, n, n === 0 ? size : (count ?? 0)];
      }),
    ),
  clickhouse: (events) => {
    const week = `intDiv(${clickhouseDay}, 7)`;
    const masks = `SELECT minIf(${week}, event = 'signup') AS born,
      groupBitOr(bitShiftLeft(toUInt16(1), ${week})) AS weeks FROM ${events}`;
    const table = (users: string): string =>
      `SELECT born, n, countIf(bitTest(weeks, born + n)) FROM (${users}) ARRAY JOIN range(${lastWeek + 1}) AS n
       WHERE born + n <= ${lastWeek} GROUP BY born, n`;
    return [
      table(
        `${masks} WHERE uid IN (SELECT uid FROM ${events} WHERE event = 'signup') GROUP BY uid`,
      ),
      table(`${masks} GROUP BY uid HAVING countIf(event = 'signup') > 0`),
    ];
  },
  duckdb: (events) => {
    const masks = `SELECT uid, min(${duckdbDay} // 7) FILTER (event = 'signup') AS born,
      bit_or(1::BIGINT << (${duckdbDay} // 7)) AS weeks FROM ${events}`;
    const table = (users: string): string =>
      `WITH users AS (${users}) SELECT born, n, count(*) FILTER ((weeks >> (born + n)) & 1 = 1)
       FROM users, range(${lastWeek + 1}) AS r(n) WHERE born + n <= ${lastWeek} GROUP BY born, n`;
    return [
      table(`${masks} GROUP BY uid HAVING born IS NOT NULL`),
      table(
        `${masks} SEMI JOIN (SELECT uid FROM ${events} WHERE event = 'signup') USING (uid) GROUP BY uid`,
      ),
    ];
  },
};

export const dailyRetentionByPlan: BenchQuery = {
  name: 'Q8',
  title: 'daily retention from signup to any event, 30 days, by plan of the person',
  goal: { rows: 0.7, stored: 0.08 },
  ask: (filters) => ({
    type: 'retention',
    range: { from: '2026-01-01', to: '2026-03-01' },
    birth: eventOf('signup', filters),
    return: eventOf(null, filters),
    unit: 'day',
    mode: 'calendar',
    criterion: 'on',
    births: 'first',
    intervals: lastDay + 1,
    breakdowns: [{ property: personProperty('plan') }],
  }),
  rowsOf: (result) =>
    resultOf(result, 'retention').segments.flatMap(({ segment, cohorts }) =>
      Array.from({ length: lastDay + 1 }, (_, n): Row => {
        const counts = cohorts.map((cohort) => (n === 0 ? cohort.size : (cohort.counts[n] ?? 0)));
        return [segment.text, n, counts.reduce((sum, count) => sum + count, 0)];
      }),
    ),
  clickhouse: (events) => [
    `SELECT plan, n, countIf(bitAnd(bitShiftRight(days, born + n), toUInt128(1)) = 1) FROM (SELECT uid, minIf(${clickhouseDay}, event = 'signup') AS born,
         groupBitOr(bitShiftLeft(toUInt128(1), ${clickhouseDay})) AS days FROM ${events}
       WHERE uid IN (SELECT uid FROM ${events} WHERE event = 'signup' AND time < toDateTime64('2026-03-02', 3, 'UTC'))
       GROUP BY uid) AS users JOIN bench.people AS people USING (uid) ARRAY JOIN range(${lastDay + 1}) AS n
     WHERE born < ${signUpDays} GROUP BY plan, n`,
    `WITH births AS (SELECT uid, min(${clickhouseDay}) AS born FROM ${events} WHERE event = 'signup'
       GROUP BY uid HAVING born < ${signUpDays})
     SELECT plan, d - born AS n, count() FROM (SELECT DISTINCT uid, ${clickhouseDay} AS d FROM ${events}
       WHERE uid IN (SELECT uid FROM births)) AS active JOIN births USING (uid) JOIN bench.people AS people USING (uid)
     WHERE d >= born AND d - born <= ${lastDay} GROUP BY plan, n`,
  ],
  duckdb: (events) => [
    `WITH users AS (SELECT uid, min(${duckdbDay}) FILTER (event = 'signup') AS born,
         bit_or(1::HUGEINT << ${duckdbDay}::HUGEINT) AS days FROM ${events}
       SEMI JOIN (SELECT uid FROM ${events} WHERE event = 'signup' AND time < TIMESTAMP '2026-03-02') USING (uid)
       GROUP BY uid)
     SELECT people.plan::VARCHAR, n, count(*) FILTER ((days >> (born + n)::HUGEINT) & 1 = 1) FROM users
       JOIN people USING (uid), range(${lastDay + 1}) AS r(n) WHERE born < ${signUpDays} GROUP BY people.plan, n`,
    `WITH births AS (SELECT uid, min(${duckdbDay}) AS born FROM ${events} WHERE event = 'signup'
       GROUP BY uid HAVING born < ${signUpDays}),
     active AS (SELECT DISTINCT uid, ${duckdbDay} AS d FROM ${events} SEMI JOIN births USING (uid))
     SELECT people.plan::VARCHAR, d - born AS n, count(*) FROM active JOIN births USING (uid)
       JOIN people USING (uid) WHERE d >= born AND d - born <= ${lastDay} GROUP BY people.plan, n`,
  ],
};
