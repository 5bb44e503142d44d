import { expect, test } from 'vitest';
import { querySchema } from '@arbor/schema/query';
import type { RetentionQueryInput } from '@arbor/schema/query';
import { ask, later } from '../model/ask.ts';
import { buildViews } from '../model/build-views.ts';
import { naive } from '../model/naive.ts';
import { rounded } from '../model/rounded.ts';
import { d1Views, event, only } from './sample-data.ts';
import type { World } from '../model/world.ts';

/** So many users who enter with the platform, of whom so many convert. */
function crowd(platform: string, entries: number, conversions: number): World['events'] {
  return Array.from({ length: entries }, (_, n) => n).flatMap((n) => {
    const user = `${platform} ${n}`;
    const at = { user, time: Date.UTC(2024, 2, 4, 9), properties: { platform } };
    const converted = { user, event: 'B', time: at.time + 60_000, properties: {} };
    return [{ ...at, event: 'A' }, ...(n < conversions ? [converted] : [])];
  });
}

const world: World = {
  events: [...crowd('web', 150, 50), ...crowd('ios', 50, 30), ...crowd('tv', 29, 29)],
  people: {},
};
const views = buildViews(world, 2);
const report = {
  type: 'funnel' as const,
  range: { from: '2024-03-04', to: '2024-03-04' },
  steps: [only('A'), only('B')],
  breakdowns: [{ property: event('platform') }],
};

test('5.10: significance is against a chosen control segment, by the numbers of 5.13 example 10', () => {
  const { segments } = ask(views, { ...report, control: { type: 'string', text: 'web' } });
  const [web, ios, tv] = segments;
  expect(segments.map(({ segment }) => segment.text)).toEqual(['web', 'ios', 'tv']);
  expect(web.significance).toBeNull();
  expect(ios.significance?.confidence).toBeCloseTo(0.99917, 5);
  expect(ios.significance?.isSignificant).toBe(true);
  expect(tv.significance).toBeNull();
});

test('5.10: the control segment need not come back, and one that is too small says nothing', () => {
  const control = (text: string) => ({ type: 'string' as const, text });
  const ios = [control('ios')];
  const byWeb = ask(views, { ...report, segments: ios, control: control('web') });
  expect(byWeb.segments[0].significance?.confidence).toBeCloseTo(0.99917, 5);
  const byTv = ask(views, { ...report, segments: ios, control: control('tv') });
  expect(byTv.segments[0].significance).toBeNull();
});

test('5.10: all other segments are not judged against one that is among them', () => {
  const control = { type: 'string' as const, text: 'ios' };
  const cut = { ...report, segmentsMax: 1, otherSegment: true };
  const asked = { ...cut, control };
  const answer = ask(views, asked);
  const { segments } = answer;
  expect(segments.map(({ segment }) => segment.type)).toEqual(['string', 'other']);
  expect(segments[0].significance?.isSignificant).toBe(true);
  expect(segments[1].significance).toBeNull();
  expect(rounded(answer)).toEqual(rounded(naive(world, querySchema.parse(asked), later)));
  const byWeb = ask(views, { ...cut, control: { type: 'string', text: 'web' } });
  expect(byWeb.segments[1].significance?.isSignificant).toBe(true);
});

const retention: Pick<RetentionQueryInput, 'birth' | 'return' | 'criterion' | 'measure'> = {
  birth: only('Signup'),
  return: only('Play'),
  criterion: 'on',
  measure: { type: 'sum', property: event('secs') },
};

function measured(own: object): (number | null)[] {
  const metric = { type: 'retention' as const, retention, interval: 0, ...own };
  return ask(d1Views, {
    type: 'insights',
    range: { from: '2024-03-04', to: '2024-03-05' },
    metrics: [metric],
  }).series[0].values;
}

test('6.3: a retention as a metric has sums and averages by their names', () => {
  // u1 plays 100 and 50 within a day of signing up, u2 200, u3 30.
  expect(measured({ value: 'sum' })).toEqual([350, 30]);
  const average = { ...retention, measure: { type: 'average', property: event('secs') } };
  expect(measured({ value: 'average', retention: average })).toEqual([175, 30]);
});

test('6.3: a share is of users, a sum of numbers', () => {
  expect(() => measured({ value: 'rate' })).toThrow(
    'a retention that measures a sum has no rate: ask for its sum',
  );
  expect(() => measured({ value: 'average' })).toThrow(
    'a retention that measures a sum has no average: ask for its sum',
  );
  const ofUsers = { ...retention, measure: { type: 'users' } };
  expect(() => measured({ value: 'sum', retention: ofUsers })).toThrow(
    'a retention that measures users has no sum: ask for its rate or count',
  );
});
