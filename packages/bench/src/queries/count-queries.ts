import type { FilterInput, QueryInput } from '@arbor/schema/query';
import type { InsightsResult, QueryResult } from '@arbor/schema/result';
import type { Row } from '../peers/peer.ts';
import {
  eventOf,
  eventProperty,
  personProperty,
  resultOf,
  wholeRange,
  type BenchQuery,
} from './bench-query.ts';
import { clickhouseDay, duckdbDay } from './sql-time.ts';

const insights = (result: QueryResult): InsightsResult => resultOf(result, 'insights');

/** [day, value] of the first series. */
const daily = (result: QueryResult): Row[] =>
  (insights(result).series[0]?.values ?? []).map((value, day) => [day, value ?? 0]);

/** [day, segment, count] of the segments, without the zeros that SQL does not list. */
const dailyBySegment = (result: QueryResult): Row[] =>
  insights(result).series.flatMap(({ segment, values }) =>
    segment === null
      ? []
      : values.flatMap((value, day) =>
          value === null || value === 0 ? [] : [[day, segment.text, value]],
        ),
  );

const totalByEvent = (filters: readonly FilterInput[]): QueryInput => ({
  type: 'insights',
  range: wholeRange,
  metrics: [{ selector: eventOf(null, filters), measure: { type: 'total' } }],
  breakdowns: [{ property: eventProperty('$event_name') }],
});

export const eventsPerDay: BenchQuery = {
  name: 'Q1',
  title: 'events a day by event, 90 days',
  goal: { rows: 0.35, stored: 0.01, cold: 0.8 },
  ask: totalByEvent,
  rowsOf: dailyBySegment,
  clickhouse: (events) => [
    `SELECT ${clickhouseDay} AS d, event, count() FROM ${events} GROUP BY d, event`,
    `SELECT dateDiff('day', toDate('2026-01-01'), date), event, n
     FROM (SELECT toDate(time) AS date, event, count() AS n FROM ${events} GROUP BY date, event)`,
  ],
  duckdb: (events) => [
    `SELECT ${duckdbDay} AS d, event::VARCHAR, count(*) FROM ${events} GROUP BY d, event`,
  ],
};

export const eventsOfValuedPeople: BenchQuery = {
  name: 'Q9',
  title: 'Q1 of people with ltv > 100',
  goal: { rows: 0.4 },
  ask: (filters) =>
    totalByEvent([
      ...filters,
      {
        type: 'property',
        property: personProperty('ltv'),
        operator: 'greater_than',
        values: [100],
      },
    ]),
  rowsOf: dailyBySegment,
  clickhouse: (events) => [
    `SELECT ${clickhouseDay} AS d, event, count() FROM ${events}
     WHERE uid IN (SELECT uid FROM bench.people WHERE ltv > 100) GROUP BY d, event`,
  ],
  duckdb: (events) => [
    `SELECT ${duckdbDay} AS d, event::VARCHAR, count(*) FROM ${events}
     SEMI JOIN (SELECT uid FROM people WHERE ltv > 100) USING (uid) GROUP BY d, event`,
  ],
};

const isPageView = "event = 'page_view'";

export const dailyVisitors: BenchQuery = {
  name: 'Q2',
  title: 'unique users of page_view a day',
  goal: { rows: 0.3, stored: 0.03 },
  ask: (filters) => ({
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: eventOf('page_view', filters), measure: { type: 'unique' } }],
  }),
  rowsOf: daily,
  clickhouse: (events) => [
    `SELECT d, count() FROM (SELECT DISTINCT ${clickhouseDay} AS d, uid FROM ${events} WHERE ${isPageView})
     GROUP BY d`,
    `SELECT ${clickhouseDay} AS d, uniqExact(uid) FROM ${events} WHERE ${isPageView} GROUP BY d`,
  ],
  duckdb: (events) => [
    `SELECT ${duckdbDay} AS d, count(DISTINCT uid) FROM ${events} WHERE ${isPageView} GROUP BY d`,
    `SELECT d, count(*) FROM (SELECT DISTINCT ${duckdbDay} AS d, uid FROM ${events} WHERE ${isPageView})
     GROUP BY d`,
  ],
};

export const dailyVisitorsByCountry: BenchQuery = {
  name: 'Q3',
  title: 'unique users a day by country, top 10 and other, all events',
  goal: { rows: 1.2 },
  ask: (filters) => ({
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: eventOf(null, filters), measure: { type: 'unique' } }],
    breakdowns: [{ property: eventProperty('country') }],
    segmentsMax: 10,
    otherSegment: true,
  }),
  rowsOf: (result) =>
    insights(result).series.flatMap(({ segment, values }) =>
      segment === null
        ? []
        : values.map((value, day) => [
            day,
            segment.type === 'other' ? 'other' : segment.text,
            value ?? 0,
          ]),
    ),
  clickhouse: (events) => {
    const named = `SELECT ${clickhouseDay} AS d, if(country IN (SELECT country FROM best), toString(country), 'other') AS c`;
    return [
      `WITH best AS (SELECT country FROM ${events} GROUP BY country ORDER BY uniqExact(uid) DESC, country LIMIT 10)
       ${named}, uniqExact(uid) FROM ${events} GROUP BY d, c`,
      `WITH best AS (SELECT country FROM (SELECT DISTINCT country, uid FROM ${events})
         GROUP BY country ORDER BY count() DESC, country LIMIT 10)
       SELECT d, c, count() FROM (SELECT DISTINCT d, c, uid FROM (${named}, uid FROM ${events})) GROUP BY d, c`,
    ];
  },
  duckdb: (events) => [
    `WITH best AS (SELECT country FROM (SELECT DISTINCT country, uid FROM ${events})
       GROUP BY country ORDER BY count(*) DESC, country::VARCHAR LIMIT 10),
     named AS (SELECT every.country, coalesce(best.country::VARCHAR, 'other') AS c
       FROM (SELECT unnest(enum_range(NULL::enum_countries))::enum_countries AS country) every
       LEFT JOIN best USING (country))
     SELECT d, c, count(*) FROM (SELECT DISTINCT ${duckdbDay} AS d, c, uid FROM ${events} JOIN named USING (country))
     GROUP BY d, c`,
  ],
};

export const actives28: BenchQuery = {
  name: 'Q10',
  title: 'users active in the last 28 days, for every day',
  goal: { rows: 0.4, stored: 0.06 },
  ask: (filters) => ({
    type: 'insights',
    range: wholeRange,
    metrics: [{ selector: eventOf(null, filters), measure: { type: 'active', days: 28 } }],
  }),
  rowsOf: daily,
  clickhouse: (events) => [
    // A user begins to count on an active day and ends 28 days later or on the next active day.
    `WITH change AS (SELECT at, sum(step) AS step FROM (SELECT p.1 AS at, p.2 AS step FROM
         (SELECT arraySort(groupUniqArray(toUInt8(${clickhouseDay}))) AS days FROM ${events} GROUP BY uid)
         ARRAY JOIN arrayConcat(arrayMap(x -> (toUInt16(x), toInt32(1)), days),
           arrayMap((x, y) -> (toUInt16(least(x + 28, y)), toInt32(-1)), days,
             arrayPushBack(arrayPopFront(days), 255))) AS p) WHERE at < 90 GROUP BY at)
     SELECT at, sum(step) OVER (ORDER BY at) FROM change`,
    `SELECT d, countIf(bitAnd(bitShiftRight(m28, d), toUInt128(1)) = 1) FROM (SELECT groupBitOr(bitShiftLeft(toUInt128(1), ${clickhouseDay})) AS m1,
         bitOr(m1, bitShiftLeft(m1, 1)) AS m2, bitOr(m2, bitShiftLeft(m2, 2)) AS m4,
         bitOr(m4, bitShiftLeft(m4, 4)) AS m8, bitOr(m8, bitShiftLeft(m8, 8)) AS m16,
         bitOr(m16, bitOr(bitShiftLeft(m8, 16), bitShiftLeft(m4, 24))) AS m28 FROM ${events} GROUP BY uid)
     ARRAY JOIN range(90) AS d GROUP BY d`,
  ],
  duckdb: (events) => [
    `WITH pairs AS (SELECT DISTINCT uid, ${duckdbDay} AS d FROM ${events}),
     spans AS (SELECT d, lead(d) OVER (PARTITION BY uid ORDER BY d) AS again FROM pairs),
     change AS (SELECT changed, sum(step) AS step FROM (SELECT d AS changed, 1 AS step FROM spans
       UNION ALL SELECT least(d + 28, coalesce(again, 999)), -1 FROM spans) WHERE changed < 90 GROUP BY changed)
     SELECT changed, (sum(step) OVER (ORDER BY changed))::BIGINT FROM change`,
    `WITH masks AS (SELECT bit_or(1::HUGEINT << ${duckdbDay}::HUGEINT) AS m FROM ${events} GROUP BY uid),
     lists AS (SELECT list_filter(range(90), lambda d: (m >> d::HUGEINT) & 1 = 1) AS a FROM masks),
     change AS (SELECT changed, sum(step) AS step FROM (SELECT unnest(a) AS changed, 1 AS step FROM lists UNION ALL
       SELECT unnest(list_transform(list_zip(a, list_append(a[2:], 999)), lambda z: least(z[1] + 28, z[2]))), -1
       FROM lists) WHERE changed < 90 GROUP BY changed)
     SELECT changed, (sum(step) OVER (ORDER BY changed))::BIGINT FROM change`,
  ],
};

export const oneDay: BenchQuery = {
  name: 'Q11',
  title: 'unique users and total of page_view on one day',
  goal: { rows: 0.01 },
  ask: (filters) => ({
    type: 'insights',
    range: { from: '2026-03-02', to: '2026-03-02' },
    metrics: [
      { selector: eventOf('page_view', filters), measure: { type: 'unique' } },
      { selector: eventOf('page_view', filters), measure: { type: 'total' } },
    ],
  }),
  rowsOf: (result) => [insights(result).series.map(({ total }) => total ?? 0)],
  clickhouse: (events) => [
    ...(events === 'bench.events'
      ? [
          // The narrow copy by day: what a projection made for this question would give.
          `SELECT uniqExact(uid), count() FROM bench.page_views WHERE day = toUInt16(toDate('2026-03-02'))`,
        ]
      : []),
    `SELECT uniqExact(uid), count() FROM ${events} WHERE ${isPageView}
       AND time >= toDateTime64('2026-03-02', 3, 'UTC') AND time < toDateTime64('2026-03-03', 3, 'UTC')`,
    `SELECT uniqExact(uid), count() FROM ${events} WHERE ${isPageView} AND toDate(time) = '2026-03-02'`,
  ],
  duckdb: (events) => [
    `SELECT count(DISTINCT uid), count(*) FROM ${events} WHERE ${isPageView}
       AND time >= TIMESTAMP '2026-03-02' AND time < TIMESTAMP '2026-03-03'`,
  ],
};
