import { did } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 13.5, over the examples of reports.md 8.2. */

const world = {
  people: {},
  events: [
    did('u1', 'A', '03-04 10:00', { plan: 'pro' }),
    did('u1', 'X', '03-04 11:00'),
    did('u1', 'B', '03-04 12:00'),
    did('u2', 'A', '03-04 10:00', { plan: 'free' }),
    did('u2', 'X', '03-04 11:00'),
    did('u2', 'Y', '03-04 12:00'),
    did('u3', 'A', '03-04 10:00', { plan: 'free' }),
    did('u3', 'Y', '03-04 11:00'),
    did('u4', 'A', '03-04 10:00', { plan: 'free' }),
  ],
};
const { post } = mixpanelApp(world, { nowMs: Date.UTC(2024, 2, 12) });
const bookmark = {
  steps: [{ event: 'A', forward: 2, reverse: 0 }],
  date_range: { type: 'between', from_date: '2024-03-04', to_date: '2024-03-05' },
};
const ask = async (more: object = {}, queryType = 'flows_sankey') => {
  const { status, body } = await post('/api/query/arb_funnels', {
    bookmark: { ...bookmark, ...more },
    query_type: queryType,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return body as {
    readonly steps: readonly { readonly nodes: readonly { event: string; totalCount: string }[] }[];
    readonly flows: readonly { readonly flowSteps: readonly object[] }[];
  };
};
const nodes = (answer: Awaited<ReturnType<typeof ask>>) =>
  answer.steps.map((step) => step.nodes.map(({ event, totalCount }) => `${event} ${totalCount}`));

test('13.5 the graph: nodes with the edges that leave them, counts as texts', async () => {
  const answer = await ask();
  expect(nodes(answer)).toEqual([['A 4'], ['X 2', 'Y 1'], ['B 1', 'Y 1']]);
  expect(answer.steps[0]?.nodes[0]).toEqual({
    event: 'A',
    type: 'ANCHOR',
    anchorType: 'NORMAL',
    totalCount: '4',
    isCustomEvent: false,
    conversionRateChange: 0,
    edges: [
      { event: 'X', step: 1, type: 'NORMAL', totalCount: '2' },
      { event: 'Y', step: 1, type: 'NORMAL', totalCount: '1' },
      { event: 'DROPOFF', step: 1, type: 'DROPOFF', totalCount: '1' },
    ],
  });
  expect(answer).toMatchObject({ flows: [], trees: [], breakdowns: [], metadata: {} });
});

test('13.5 what is beyond the rows of a step is one node', async () => {
  const answer = await ask({ cardinality_threshold: 1 });
  expect(nodes(answer)[1]).toEqual(['X 2', 'Other events 1']);
  expect(answer.steps[1]?.nodes[1]).toMatchObject({ type: 'PRUNED' });
});

test('13.5 top paths, with how many go so far', async () => {
  const { flows } = await ask({}, 'flows_top_paths');
  expect(flows[1]).toEqual({
    flowSteps: [
      { event: 'A', type: 'ANCHOR', totalCount: '4' },
      { event: 'X', type: 'NORMAL', totalCount: '2' },
      { event: 'B', type: 'NORMAL', totalCount: '1' },
    ],
  });
  expect(flows).toHaveLength(4);
});

test('13.5 the tree', async () => {
  expect(await ask({}, 'flows')).toMatchObject({
    trees: [
      {
        event: 'A',
        stepNumber: 0,
        totalCount: '4',
        dropOffCount: '1',
        children: [
          {
            event: 'X',
            totalCount: '2',
            dropOffCount: '0',
            children: [{ event: 'B' }, { event: 'Y' }],
          },
          { event: 'Y', totalCount: '1', dropOffCount: '1', children: [] },
        ],
      },
    ],
  });
});

test('13.5 a second anchor: the rate of those who reach it', async () => {
  const steps = [
    { event: 'A', forward: 1 },
    { event: 'B', reverse: 1 },
  ];
  expect(await ask({ steps })).toMatchObject({ overallConversionRate: 0.25 });
});

test('13.5 hidden and excluded events, conditions, segments', async () => {
  expect(nodes(await ask({ hidden_events: ['X'] }))[1]).toEqual(['Y 2', 'B 1']);
  expect(nodes(await ask({ exclusions: ['X'] }))[0]).toEqual(['A 2']);
  const plan = { property: 'plan', operator: '==', value: 'pro' };
  const steps = [{ ...bookmark.steps[0], property_filter_params_list: [plan] }];
  expect(nodes(await ask({ steps }))[0]).toEqual(['A 1']);
  expect(await ask({ segment_by: [{ property: 'plan' }] })).toMatchObject({
    breakdowns: [
      { value: 'free', steps: [{ nodes: [{ event: 'A', totalCount: '3' }] }, {}, {}] },
      { value: 'pro', steps: [{ nodes: [{ event: 'A', totalCount: '1' }] }, {}, {}] },
    ],
  });
});

test('13.5 the last days, up to now', async () => {
  const range = { type: 'in the last', from_date: { unit: 'day', value: 30 }, to_date: '$now' };
  expect(nodes(await ask({ date_range: range }))[0]).toEqual(['A 4']);
});

test('13.5 a bookmark with sections is a report', async () => {
  const show = [
    { type: 'metric', behavior: { type: 'event', name: 'A' }, measurement: { math: 'total' } },
  ];
  const time = [{ dateRangeType: 'between', unit: 'day', value: ['2024-03-04', '2024-03-05'] }];
  const sections = { show, time };
  const displayOptions = { chartType: 'bar' };
  const { body } = await post('/api/2.0/arb_funnels/', { bookmark: { sections, displayOptions } });
  expect(body).toMatchObject({ series: { 'A - Total': { all: 4 } } });
});

test.each([
  [{}, 'bookmark: is missing'],
  [
    { bookmark: { ...bookmark, steps: [{ event: 'A' }] } },
    'bookmark: a flow of forward and reverse 0 is not supported: give a step at least one of them',
  ],
  [
    { bookmark, query_type: 'x' },
    'query_type: must be one of flows_sankey, flows_top_paths, flows, not "x"',
  ],
])('13.5 %j is refused', async (payload, error) => {
  expect(await post('/api/query/arb_funnels', payload)).toMatchObject({
    status: 400,
    body: { error },
  });
});
