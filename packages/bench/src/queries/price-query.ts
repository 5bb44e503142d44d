import { eventOf, eventProperty, resultOf, wholeRange, type BenchQuery } from './bench-query.ts';

const shown = 25;
const price = eventProperty('price');
const measures = [
  { type: 'sum', property: price },
  { type: 'average', property: price },
  { type: 'percentile', property: price, percentile: 90 },
  { type: 'total' },
] as const;

export const pricesByItem: BenchQuery = {
  name: 'Q4',
  title: 'sum, average, p90 of price and count by item, top 25, country US, price > 20',
  goal: { rows: 0.3 },
  ordered: true,
  ask: (filters) => ({
    type: 'insights',
    range: wholeRange,
    unit: 'total',
    metrics: measures.map((measure) => ({
      selector: eventOf(null, [
        ...filters,
        {
          type: 'property',
          property: eventProperty('country'),
          operator: 'equals',
          values: ['US'],
        },
        { type: 'property', property: price, operator: 'greater_than', values: [20] },
      ]),
      measure,
    })),
    breakdowns: [{ property: eventProperty('item') }],
    // As the peers: the items with the greatest sums, and all four values of each.
    rankBy: 0,
    segmentsMax: shown,
  }),
  rowsOf: (answer) => {
    const { series } = resultOf(answer, 'insights');
    const byMetric = measures.map((_, metric) => {
      const own = series.filter((one) => one.metric === metric && one.segment !== null);
      return new Map(own.map(({ segment, total }) => [segment?.text ?? '', total ?? 0]));
    });
    const [sums] = byMetric;
    return [...sums.keys()].map((item) => [
      item,
      ...byMetric.map((totals) => totals.get(item) ?? NaN),
    ]);
  },
  clickhouse: (events) => [
    `SELECT item, sum(price) AS s, avg(price), quantileExactInclusive(0.9)(price), count() FROM ${events}
     WHERE country = 'US' AND price > 20 GROUP BY item ORDER BY s DESC, item LIMIT ${shown}`,
  ],
  duckdb: (events) => [
    `SELECT item, sum(price) AS s, avg(price), quantile_cont(price, 0.9), count(*) FROM ${events}
     WHERE country = 'US' AND price > 20 GROUP BY item ORDER BY s DESC, item LIMIT ${shown}`,
  ],
};
