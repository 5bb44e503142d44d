import { eventOf, resultOf, type BenchQuery } from './bench-query.ts';

export const lapsingBuyers: BenchQuery = {
  name: 'Q12',
  title: 'cohort: purchase at least 3 times in the last 30 days, not in the last 7',
  goal: { rows: 0.02 },
  // The data ends on 2026-03-31.
  ask: (filters) => ({
    type: 'cohort',
    filters: [
      {
        type: 'behavior',
        selector: eventOf('purchase', filters),
        count: { operator: 'at_least', value: 3 },
        span: { type: 'range', from: '2026-03-02', to: '2026-03-31' },
      },
      {
        type: 'behavior',
        selector: eventOf('purchase', filters),
        count: { operator: 'at_most', value: 0 },
        span: { type: 'range', from: '2026-03-25', to: '2026-03-31' },
      },
    ],
  }),
  rowsOf: (result) => [[resultOf(result, 'cohort').users]],
  clickhouse: (events) => [
    `SELECT count() FROM (SELECT uid FROM ${events} WHERE event = 'purchase'
         AND time >= toDateTime64('2026-03-02', 3, 'UTC') GROUP BY uid
       HAVING count() >= 3 AND max(time) < toDateTime64('2026-03-25', 3, 'UTC'))`,
  ],
  duckdb: (events) => [
    `SELECT count(*) FROM (SELECT uid FROM ${events} WHERE event = 'purchase'
         AND time >= TIMESTAMP '2026-03-02' GROUP BY uid
       HAVING count(*) >= 3 AND max(time) < TIMESTAMP '2026-03-25')`,
  ],
};
