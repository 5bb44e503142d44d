import { d1 } from '@arbor/engine/test/examples/sample-data';
import type { UserCondition } from '@arbor/schema/query';
import { describe, expect, test } from 'vitest';
import { basicOf, mixpanelApp, secret } from '../support/mixpanel-app.ts';

/* query-api.md 9 to 11, over the sample data D1 of reports.md 1. */

const nowMs = Date.UTC(2024, 2, 12, 12);
const saved = {
  id: '12',
  name: 'Power users',
  description: '',
  definition: { type: 'frozen' as const },
  uploaded: null,
  createdBy: 'ada',
  createdAt: '2024-03-01T08:00:00.000Z',
  updatedAt: '2024-03-02T08:00:00.000Z',
  archived: false,
};
const { get, app } = mixpanelApp(d1, { nowMs, cohorts: [saved] });

interface FeedEvent {
  readonly event: string;
  readonly properties: Record<string, unknown>;
}

describe('9: /cohorts/list', () => {
  test('what there is, and how many are in it', async () => {
    expect((await get('/api/query/cohorts/list')).body).toEqual([
      {
        id: '12',
        project_id: 1,
        name: 'Power users',
        description: '',
        count: 0,
        is_visible: 1,
        created: '2024-03-01 08:00:00',
      },
    ]);
  });
});

describe('9: /cohorts/list beside a cohort that means nothing any more', () => {
  const live = (id: string, filters: UserCondition[]) => {
    return { ...saved, id, name: id, definition: { type: 'live' as const, filters } };
  };
  // Resolving saved cohorts is not part of this app: that of the first stands for one whose list went.
  const { get: list } = mixpanelApp(d1, { nowMs, cohorts: [live('old', []), saved] });

  test('lists the others, and says of this one why nobody can be counted', async () => {
    const { status, body } = await list('/api/query/cohorts/list');
    expect(status).toBe(200);
    expect(body).toMatchObject([
      {
        id: 'old',
        count: null,
        error: 'there is no cohort with the id "old" in this project',
      },
      { id: '12', count: 0 },
    ]);
  });
});

describe('10.1: /stream/query', () => {
  const ask = async (parameters: Record<string, string>) =>
    (await get('/api/query/stream/query', parameters)).body;

  test('what users did, by time, with both spellings of the id', async () => {
    const range = { from_date: '2024-03-05', to_date: '2024-03-11' };
    const body = await ask({ ...range, distinct_ids: '["u2","nobody"]' });
    expect(body).toEqual({
      status: 'ok',
      results: {
        events: [
          {
            event: 'Play',
            properties: {
              time: Date.UTC(2024, 2, 5, 9) / 1000,
              distinct_id: 'u2',
              $distinct_id: 'u2',
              song: 'A',
              secs: 200,
              tags: ['jazz', 'jazz'],
            },
          },
          {
            event: 'Play',
            properties: {
              time: Date.UTC(2024, 2, 11, 9) / 1000,
              distinct_id: 'u2',
              $distinct_id: 'u2',
              song: 'B',
              secs: 120,
              tags: ['pop'],
            },
          },
        ],
      },
    });
  });

  test('nobody did nothing, and ids and dates are needed', async () => {
    const range = { from_date: '2024-03-05', to_date: '2024-03-11' };
    expect(await ask({ ...range, distinct_ids: '["nobody"]' })).toEqual({
      status: 'ok',
      results: { events: [] },
    });
    expect(await ask(range)).toMatchObject({ error: 'distinct_ids: is missing' });
    expect(await ask({ distinct_ids: '["u1"]' })).toMatchObject({ error: 'from_date: is missing' });
  });
});

describe('10.2: /stream/bookmark', () => {
  const post = async (body: object) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/query/stream/bookmark',
      headers: { authorization: basicOf(secret), 'content-type': 'application/json' },
      payload: JSON.stringify({ project_id: 1, mode: 'raw', ...body }),
    });
    return response.json<{
      error?: string;
      results: { events: FeedEvent[]; sentinel_event: object | null };
    }>();
  };
  const bookmark = {
    dateRange: { type: 'in the last', window: { unit: 'day', value: 30 } },
    entries: [{ event: { label: 'All events', value: '$all_events' }, filters: [], type: 'event' }],
    filters: [],
  };

  test('newest first, page by page to the end', async () => {
    const first = await post({ bookmark, distinct_ids: ['u1'], limit: 3 });
    const { events, sentinel_event: sentinel } = first.results;
    const times = events.map(({ properties }) => Number(properties['time']));
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(events).toHaveLength(3);
    const rest = await post({ bookmark, distinct_ids: ['u1'], limit: 3, sentinel_event: sentinel });
    expect(rest.results.events.map(({ event }) => event)).toEqual(['Signup']);
    expect(rest.results.sentinel_event).toBeNull();
  });

  test('only some events, or all but some', async () => {
    const of = async (more: object) =>
      (await post({ bookmark, distinct_ids: ['u1', 'u3'], ...more })).results.events.map(
        ({ event, properties }) => `${event} ${String(properties['distinct_id'])}`,
      );
    expect(await of({ include_events: ['Signup'] })).toEqual(['Signup u3', 'Signup u1']);
    expect(await of({ exclude_events: ['Play'] })).toEqual(['Signup u3', 'Signup u1']);
    expect(await of({ search: 'sign' })).toEqual(['Signup u3', 'Signup u1']);
  });

  test('the days of the bookmark', async () => {
    const dateRange = { type: 'between', from: '2024-03-06', to: '2024-03-06' };
    const { results } = await post({ bookmark: { ...bookmark, dateRange }, distinct_ids: ['u1'] });
    expect(results.events).toHaveLength(1);
    expect(
      await post({ bookmark: { dateRange: { type: 'x' } }, distinct_ids: ['u1'] }),
    ).toMatchObject({ error: expect.stringContaining('bookmark: dateRange') as string });
  });
});

test('11: /jql says what to use instead', async () => {
  const response = await app.inject({
    method: 'POST',
    url: '/api/2.0/jql/',
    headers: { authorization: basicOf(secret) },
    payload: new URLSearchParams({ script: 'function main() {}' }).toString(),
  });
  expect([response.statusCode, response.json()]).toMatchObject([
    400,
    { error: expect.stringContaining('JQL is not supported: use') as string, status: 'error' },
  ]);
});
