import { expect, test } from 'vitest';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import type { WorldEvent } from '../model/world.ts';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { ProjectDefinitions } from '../../src/query/plan/plan-scope.ts';
import { d1Views, did, event, only, viewsOf } from './sample-data.ts';

const range = { from: '2024-03-04', to: '2024-03-05' };

function withSessions(sessions: Partial<ProjectDefinitions['sessions']>): ProjectDefinitions {
  return { ...noDefinitions, sessions: { ...noDefinitions.sessions, ...sessions } };
}

/** Values of "(session end)" over the range, a number a measure. */
function ends(
  events: readonly WorldEvent[],
  measures: readonly (typeof total | ReturnType<typeof of>)[],
  definitions: ProjectDefinitions = noDefinitions,
): (number | null)[] {
  const views = buildViews({ events, people: {} }, 2);
  const metrics = measures.map((measure) => ({ selector: only('$session_end'), measure }));
  const query = { type: 'insights' as const, range, unit: 'total' as const, metrics };
  return ask(views, query, { ...later, definitions }).series.map(({ total }) => total);
}

const total = { type: 'total' as const };
const of = (type: 'sum' | 'average' | 'min' | 'max', name: string) => ({
  type,
  property: event(name),
});

test('12 example 1: an inactivity longer than 30 minutes begins another session', () => {
  const events = ['13:00', '13:10', '13:50', '14:10', '14:25'].map((time) =>
    did('u', 'A', `03-04 ${time}`),
  );
  const measures = [
    total,
    of('min', '$duration_s'),
    of('max', '$duration_s'),
    of('average', '$duration_s'),
    of('min', '$event_count'),
    of('max', '$event_count'),
  ];
  expect(ends(events, measures)).toEqual([2, 600, 2100, 1350, 2, 3]);
});

test('12 example 2: midnight ends a session', () => {
  const events = [
    did('u', 'A', '03-04 23:30'),
    did('u', 'A', '03-04 23:50'),
    did('u', 'A', '03-05 00:05'),
    did('u', 'A', '03-05 00:10'),
  ];
  expect(ends(events, [total, of('max', '$duration_s'), of('min', '$duration_s')])).toEqual([
    2, 1200, 300,
  ]);
});

const byLogin = withSessions({ mode: { type: 'events', start: 'Login', end: 'Logout' } });

test('12 example 3: an event opens a session and another one closes it', () => {
  const events = [
    did('u', 'Login', '03-04 11:00'),
    did('u', 'Login', '03-04 11:15'),
    did('u', 'Logout', '03-04 11:45'),
    did('u', 'Logout', '03-04 12:15'),
  ];
  expect(ends(events, [total, of('sum', '$duration_s')], byLogin)).toEqual([1, 2700]);
});

test('12: a session of events that midnight cuts is two sessions without a duration', () => {
  const events = [
    did('u', 'Login', '03-04 23:30'),
    did('u', 'A', '03-05 00:30'),
    did('u', 'Logout', '03-05 01:00'),
  ];
  const measures = [total, of('sum', '$duration_s'), of('average', '$duration_s')];
  expect(ends(events, measures, byLogin)).toEqual([2, 0, null]);
});

test('12 example 4: the sessions of D1 by day', () => {
  const perDay = ask(d1Views, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-06' },
    metrics: [{ selector: only('$session_start'), measure: { type: 'total' } }],
  });
  // u1 and u2; u1, u2 and the Signup of u3 before midnight; u1 and u3.
  expect(perDay.series[0].values).toEqual([2, 3, 2]);
  const withDuration = ask(d1Views, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-04' },
    metrics: [{ selector: only('$session_end'), measure: of('max', '$duration_s') }],
  });
  expect(withDuration.series[0].total).toBe(600);
});

test('12 example 4: the sessions of D1 that have an event', () => {
  const { series } = ask(d1Views, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-06' },
    metrics: [{ selector: only('Play'), measure: { type: 'sessions' } }],
  });
  expect([series[0].values[0], series[0].total]).toEqual([1, 5]);
});

test('12: a session is a run of one value, "" is one and events without any are ignored', () => {
  const events = [
    did('u', 'A', '03-04 10:00', { id: 'x' }),
    did('u', 'A', '03-04 10:01'),
    did('u', 'A', '03-04 10:02', { id: null }),
    did('u', 'A', '03-04 15:00', { id: 'x' }),
    did('u', 'A', '03-04 15:01', { id: '' }),
    did('u', 'A', '03-05 15:01', { id: '' }),
  ];
  const byId = withSessions({ mode: { type: 'property', name: 'id' } });
  const measures = [total, of('max', '$duration_s'), of('sum', '$event_count')];
  expect(ends(events, measures, byId)).toEqual([3, 18_000, 4]);
});

test('12: events of the protocol, hidden ones and excluded ones are in no session', () => {
  const events = [
    did('u', '$identify', '03-04 09:50'),
    did('u', 'A', '03-04 10:00'),
    did('u', 'Hidden', '03-04 10:20'),
    did('u', 'Excluded', '03-04 10:25'),
    did('u', '$campaign_delivery', '03-04 10:30'),
    did('u', 'A', '03-04 10:31'),
  ];
  const measures = [total, of('max', '$duration_s'), of('sum', '$event_count')];
  const definitions = { ...withSessions({ excluded: ['Excluded'] }), hiddenEvents: ['Hidden'] };
  expect(ends(events, measures, definitions)).toEqual([2, 0, 2]);
});

test('12: session events say where the session began and ended, and what it began with', () => {
  const views = viewsOf(
    did('u', 'Open', '03-04 10:00', { note: 'n', team: 't' }),
    did('u', 'Read', '03-04 10:10', { $browser: 'Firefox' }),
    did('u', 'Close', '03-04 10:20', { $browser: 'Chrome' }),
  );
  const value = (name: string, definitions: ProjectDefinitions): string | undefined => {
    const query = {
      type: 'insights' as const,
      range,
      metrics: [{ selector: only('$session_end'), measure: { type: 'total' as const } }],
      breakdowns: [{ property: event(name) }],
    };
    return ask(views, query, { ...later, definitions }).series[1].segment?.text;
  };
  expect(value('$origin_start', noDefinitions)).toBe('Open');
  expect(value('$origin_end', noDefinitions)).toBe('Close');
  // With a timeout the first event that has the value; else the one that the session begins with.
  expect(value('$browser', noDefinitions)).toBe('Firefox');
  const byOpen = withSessions({ mode: { type: 'events', start: 'Open', end: 'Close' } });
  expect(value('$browser', byOpen)).toBe('(not set)');
  expect(value('note', noDefinitions)).toBe('(not set)');
  expect(value('team', withSessions({ properties: ['team'] }))).toBe('t');
});

test('12, 3.2: a session event is none of "any event", and its name means no event that was sent', () => {
  const views = viewsOf(
    did('u', 'A', '03-04 10:00'),
    did('u', '$session_start', '03-04 10:01'),
    did('u', 'A', '03-04 15:00'),
  );
  const { series } = ask(views, {
    type: 'insights',
    range,
    unit: 'total',
    metrics: [
      { selector: { anyOf: [{ event: null }] }, measure: total },
      { selector: only('$session_start'), measure: total },
    ],
  });
  expect(series.map((row) => row.total)).toEqual([3, 2]);
});

test('12: sessions end at the midnight of the project, on a day of 25 hours too', () => {
  const events = [
    // Midnight in New York is 04:00 UTC before the clock goes back, and 05:00 after.
    did('u', 'A', '11-03 03:50'),
    did('u', 'A', '11-03 04:10'),
    did('u', 'B', '11-04 04:50'),
    did('u', 'B', '11-04 05:10'),
  ];
  const { series } = ask(
    buildViews({ events, people: {} }, 1),
    {
      type: 'insights',
      range: { from: '2024-11-02', to: '2024-11-04' },
      metrics: [{ selector: only('$session_start'), measure: total }],
    },
    { ...later, timezone: 'America/New_York' },
  );
  expect(series[0].values).toEqual([1, 2, 1]);
});
