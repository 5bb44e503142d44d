import { d1 } from '@arbor/engine/test/examples/sample-data';
import { savedReportSchema, type SavedReport } from '@arbor/schema/saved-reports';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 3 and 6 of saved reports, over the sample data D1 of reports.md 1: each as the inline form answers it. */

const of = (event: string) => ({ anyOf: [{ event }] });
const range = { from: '2024-03-04', to: '2024-03-06' };

function saved(id: number, name: string, query: { type: string }, more: object = {}): SavedReport {
  return savedReportSchema.parse({
    id,
    name,
    type: query.type,
    query,
    description: '',
    range: null,
    view: {},
    version: 1,
    createdBy: '',
    updatedBy: '',
    createdAt: '2024-03-01T00:00:00.000Z',
    updatedAt: '2024-03-01T00:00:00.000Z',
    archived: false,
    ...more,
  });
}

const plays = {
  type: 'insights',
  range,
  unit: 'day',
  metrics: [{ selector: of('Play'), measure: { type: 'total' } }],
};
const funnel = { type: 'funnel', range, steps: [of('Signup'), of('Play')] };
const retention = {
  type: 'retention',
  range: { from: '2024-03-04', to: '2024-03-05' },
  birth: of('Signup'),
  return: of('Play'),
  unit: 'day',
  intervals: 3,
  criterion: 'on',
  mode: 'rolling',
};
const reports = [
  saved(11, 'Plays', plays),
  saved(12, 'Latest plays', plays, { range: { last: 2, unit: 'day' } }),
  saved(13, 'Plays by song', {
    ...plays,
    unit: 'total',
    breakdowns: [{ property: { scope: 'event', name: 'song' } }],
  } as never),
  saved(41, 'Signup to play', funnel),
  saved(42, 'Back to play', retention),
  saved(43, 'Gone', funnel, { archived: true }),
];
const { get, post } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 6, 12), reports });

const insights = async (id: number) => {
  const { status, body } = await get('/api/query/insights', { bookmark_id: String(id) });
  expect(status, JSON.stringify(body)).toBe(200);
  return body as { readonly date_range: object; readonly series: Record<string, unknown> };
};
const day = (date: number) => `2024-03-${String(date).padStart(2, '0')}T00:00:00+00:00`;

test('3 the example: a saved report of insights', async () => {
  expect(await insights(11)).toEqual({
    computed_at: '2024-03-06T12:00:00+00:00',
    date_range: { from_date: day(4), to_date: '2024-03-06T23:59:59.999000+00:00' },
    headers: ['$metric'],
    series: { 'Play - Total': { [day(4)]: 1, [day(5)]: 2, [day(6)]: 2 } },
    meta: { is_cached: false, sampling_factor: 1 },
  });
});

test('3 a relative range is that of the day on which it is asked', async () => {
  const answer = await insights(12);
  expect(answer.date_range).toMatchObject({ from_date: day(5) });
  expect(answer.series).toEqual({ 'Play - Total': { [day(5)]: 2, [day(6)]: 2 } });
});

test('3 one number a segment, under the name of the property', async () => {
  const { series, ...rest } = await insights(13);
  expect(rest).toMatchObject({ headers: ['$metric', 'song'] });
  expect(series['Play - Total']).toMatchObject({ $overall: { all: 5 } });
});

test('3 saved funnels and retention answer as inline ones do', async () => {
  const behavior = (name: string) => ({ type: 'event', name, resourceType: 'events' });
  const inline = async (type: string, more: object) => {
    const behaviors = [behavior('Signup'), behavior('Play')];
    const show = [{ type: 'metric', name: 'X', behavior: { type, behaviors, ...more } }];
    const time = [
      {
        dateRangeType: 'between',
        unit: 'day',
        value: [range.from, type === 'funnel' ? range.to : '2024-03-05'],
      },
    ];
    const sections = { show, time };
    const bookmark = { sections, displayOptions: { chartType: 'funnel-steps' } };
    const { body } = await post('/api/query/insights', { bookmark });
    return (body as { series: Record<string, unknown> }).series['X'];
  };
  const saidFunnel = await inline('funnel', {
    conversionWindowDuration: 7,
    conversionWindowUnit: 'day',
  });
  expect(saidFunnel).toBeDefined();
  expect((await insights(41)).series).toEqual({ 'Signup to play': saidFunnel });
  const saidRetention = await inline('retention', { retentionUnit: 'day' });
  expect(saidRetention).toBeDefined();
  expect((await insights(42)).series).toEqual({ 'Back to play': saidRetention });
});

test('3 one that is not there, or in the bin, is not found', async () => {
  for (const id of ['7', '43']) {
    const { status, body } = await get('/api/query/insights', { bookmark_id: id });
    expect([status, body]).toMatchObject([
      404,
      { error: expect.stringContaining(`there is no saved report ${id}`) as string },
    ]);
  }
});

test('6 /funnels/list: the saved reports that are funnels', async () => {
  expect(await get('/api/query/funnels/list')).toEqual({
    status: 200,
    body: [{ funnel_id: 41, name: 'Signup to play' }],
  });
});

test('6 the example: a saved funnel is the one of its steps, in the range that is asked for', async () => {
  const dates = { from_date: '2024-03-04', to_date: '2024-03-05' };
  const bySteps = await get('/api/query/funnels', { ...dates, events: '["Signup","Play"]' });
  const byId = await get('/api/query/funnels', { ...dates, funnel_id: '41' });
  expect(byId.status).toBe(200);
  expect(byId).toEqual(bySteps);
  const where = 'properties["song"] == "C"';
  expect((await get('/api/query/funnels', { ...dates, funnel_id: '41', where })).body).toEqual(
    (await get('/api/query/funnels', { ...dates, events: '["Signup","Play"]', where })).body,
  );
});

test('6 a report that is no funnel is refused by name', async () => {
  const dates = { from_date: '2024-03-04', to_date: '2024-03-05' };
  expect(await get('/api/query/funnels', { ...dates, funnel_id: '11' })).toMatchObject({
    status: 404,
    body: { error: 'funnel_id: the saved report 11 is no funnel' },
  });
});
