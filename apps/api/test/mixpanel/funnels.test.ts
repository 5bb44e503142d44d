import { d1 } from '@arbor/engine/test/examples/sample-data';
import { expect, test } from 'vitest';
import { mixpanelApp } from '../support/mixpanel-app.ts';

/* query-api.md 6, over the sample data D1 of reports.md 1. */

const { get } = mixpanelApp(d1, { nowMs: Date.UTC(2024, 2, 12, 12) });
const question = {
  events: '[{"event":"Signup"},{"event":"Play"}]',
  from_date: '2024-03-04',
  to_date: '2024-03-05',
};
const ask = async (parameters: Record<string, string> = {}) =>
  (await get('/api/query/funnels', { ...question, ...parameters })).body;

const steps = (entries: number, times: number) => [
  {
    count: entries,
    step_conv_ratio: 1,
    overall_conv_ratio: 1,
    avg_time: null,
    avg_time_from_start: null,
    goal: 'Signup',
    event: 'Signup',
    step_label: 'Signup',
  },
  {
    count: entries,
    step_conv_ratio: 1,
    overall_conv_ratio: 1,
    avg_time: times,
    avg_time_from_start: times,
    goal: 'Play',
    event: 'Play',
    step_label: 'Play',
  },
];

test('6 the example: a funnel a day of entry', async () => {
  expect(await ask()).toEqual({
    meta: { dates: ['2024-03-04', '2024-03-05'] },
    data: {
      '2024-03-04': {
        steps: steps(2, 41_700),
        analysis: { completion: 2, starting_amount: 2, steps: 2, worst: 1 },
      },
      '2024-03-05': {
        steps: steps(1, 2400),
        analysis: { completion: 1, starting_amount: 1, steps: 2, worst: 1 },
      },
    },
  });
});

test('6 one bucket of several days, a shorter window, and the worst step', async () => {
  const events = '["Signup",{"event":"Play","label":"First play"},"Play"]';
  const parameters = { events, interval: '2', length: '15', length_unit: 'minute' };
  expect(await ask(parameters)).toMatchObject({
    meta: { dates: ['2024-03-04'] },
    data: {
      '2024-03-04': {
        steps: [
          { count: 3 },
          { count: 1, step_conv_ratio: 1 / 3, step_label: 'First play', event: 'Play' },
          { count: 0, step_conv_ratio: 0, overall_conv_ratio: 0, avg_time: null },
        ],
        analysis: { completion: 0, starting_amount: 3, steps: 3, worst: 2 },
      },
    },
  });
});

test('6 after a step without anybody the ratio is 0', async () => {
  const events = '["Nothing","Play"]';
  expect(await ask({ events })).toMatchObject({
    data: {
      '2024-03-04': {
        steps: [
          { count: 0, step_conv_ratio: 1 },
          { count: 0, step_conv_ratio: 0, overall_conv_ratio: 0 },
        ],
      },
    },
  });
});

test('6 on gives lists by value beside $overall, where is about the events, selectors about one step', async () => {
  const unit = { unit: 'week', to_date: '2024-03-10' };
  expect(await ask({ ...unit, on: 'user["plan"]' })).toMatchObject({
    data: {
      '2024-03-04': {
        $overall: [{ count: 3 }, { count: 3 }],
        pro: [{ count: 2 }, { count: 2 }],
        free: [{ count: 1 }, { count: 1 }],
      },
    },
  });
  expect(await ask({ ...unit, where: 'user["plan"] == "free"' })).toMatchObject({
    data: { '2024-03-04': { steps: [{ count: 1 }, { count: 1 }] } },
  });
  const events = '["Signup",{"event":"Play","selector":"properties[\\"song\\"] == \\"C\\""}]';
  expect(await ask({ ...unit, events })).toMatchObject({
    data: { '2024-03-04': { steps: [{ count: 3 }, { count: 1 }] } },
  });
});

test.each([
  [{ events: '', funnel_id: '41' }, 404, 'there is no saved report 41'],
  [{ events: '' }, 400, 'funnel_id: is missing; or send events=[{"event":"A"},{"event":"B"}]'],
  [{ events: '[1]' }, 400, 'events: must be a JSON array such as [{"event":"A"},{"event":"B"}]'],
  [{ length: '91' }, 400, 'length: must be a whole number from 1 to 90, not "91"'],
  [
    { from_date: '2022-01-01' },
    400,
    'interval: 795 buckets are too many, at most 400 are asked for: take a longer interval or unit',
  ],
  [
    { events: '[{"event":"A","selector":"a = 1"}]' },
    400,
    'events[0].selector: character 3: found "=", expected "==" to compare',
  ],
])('6 %j is refused', async (parameters, status, error) => {
  const given = { ...question, ...parameters } as Record<string, string>;
  expect(await get('/api/query/funnels', given)).toMatchObject({ status, body: { error } });
});

test('6 /funnels/list: nothing is saved', async () => {
  expect(await get('/api/query/funnels/list')).toEqual({ status: 200, body: [] });
});
