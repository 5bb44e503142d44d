import { expect, test } from 'vitest';
import { querySchema, type QueryInput } from '@arbor/schema/query';
import type { RetentionResult } from '@arbor/schema/result';
import { later } from '../../../../test/model/ask.ts';
import { askScans } from '../../../../test/model/run-user-scans.ts';
import type { World, WorldEvent } from '../../../../test/model/world.ts';
import { planQuery } from '../../plan/plan.ts';
import type { ScanSource } from '../scan-source.ts';
import { createRetentionScans } from './create-retention-scan.ts';

/** "ann A 4T10:30 os=iOS" is event A of ann on 4 March at half past ten. */
function worldOf(...texts: string[]): World {
  const events = texts.map((text): WorldEvent => {
    const [user, event, at, property] = text.split(' ');
    const [name, value] = property?.split('=') ?? [];
    return {
      user,
      event,
      time: Date.parse(`2024-03-${at.padStart(8, '0')}Z`),
      properties: name === undefined ? {} : { [name]: value },
    };
  });
  return { events, people: { ann: { plan: 'pro' } } };
}

type RetentionInput = Partial<Extract<QueryInput, { type: 'retention' }>>;

const plain = {
  type: 'retention' as const,
  range: { from: '2024-03-04', to: '2024-03-06' },
  birth: { anyOf: [{ event: 'A' }] },
  return: { anyOf: [{ event: 'B' }] },
  criterion: 'on' as const,
  intervals: 3,
};

function ask(world: World, query: RetentionInput): RetentionResult {
  const whole = { ...plain, ...query };
  const cuts = { threads: 1, users: 10, days: 1, together: false };
  const result = askScans(createRetentionScans, world, whole, later, cuts);
  if (result?.type !== 'retention') throw new Error('not answered');
  return result;
}

const table = ({ cohorts }: Pick<RetentionResult, 'cohorts'>) =>
  cohorts.map(({ size, counts }) => [size, ...counts]);

test('rolling intervals begin with the birth', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 4T11:00', 'ann B 5T09:59', 'ann B 6T10:00');
  expect(table(ask(world, {}))[0]).toEqual([1, 1, 0, 1]);
});

test('calendar intervals begin with the day', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 5T09:59', 'ann B 6T00:00');
  expect(table(ask(world, { mode: 'calendar' }))[0]).toEqual([1, 0, 1, 1]);
});

test('what comes before the birth on its day is no return', () => {
  const world = worldOf('ann B 4T09:00', 'ann A 4T10:00');
  for (const mode of ['rolling', 'calendar'] as const) {
    expect(table(ask(world, { mode }))[0]).toEqual([1, 0, 0, 0]);
  }
});

test('the birth itself is no return, another event of its instant is one', () => {
  const any = { anyOf: [{ event: null }] };
  const alone = worldOf('ann A 4T10:00');
  const accompanied = worldOf('ann C 4T10:00', 'ann A 4T10:00');
  for (const mode of ['rolling', 'calendar'] as const) {
    expect(table(ask(alone, { return: any, mode }))[0]).toEqual([1, 0, 0, 0]);
    expect(table(ask(accompanied, { return: any, mode }))[0]).toEqual([1, 1, 0, 0]);
  }
});

test('a user is born in every bucket, or in the first alone', () => {
  const world = worldOf('ann A 4T10:00', 'ann A 5T08:00', 'ann B 5T20:00');
  expect(table(ask(world, { births: 'every_bucket' }))).toEqual([
    [1, 0, 1, 0],
    [1, 1, 0, 0],
    [0, 0, 0, 0],
  ]);
  expect(table(ask(world, { births: 'first' })).map(([size]) => size)).toEqual([1, 0, 0]);
});

test('"on or after" counts a return in all intervals before it', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 6T12:00');
  expect(table(ask(world, { criterion: 'on_or_after' }))[0]).toEqual([1, 1, 1, 1]);
});

test('breaks down by the birth event or by the person', () => {
  const world = worldOf('ann A 4T10:00 os=iOS', 'ann B 4T11:00 os=Linux', 'bob A 4T12:00');
  const texts = (scope: 'event' | 'person', name: string) =>
    ask(world, { breakdowns: [{ property: { scope, name } }] }).segments.map(
      ({ segment, ...own }) => [segment.text, table(own)[0]],
    );
  const rows = [
    ['(not set)', [1, 0, 0, 0]],
    ['iOS', [1, 1, 0, 0]],
  ];
  expect(texts('event', 'os')).toEqual(rows);
  expect(texts('person', 'plan')).toEqual([rows[0], ['pro', [1, 1, 0, 0]]]);
});

test('has room for more intervals than a word has bits', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 4T12:00');
  const far = { ...world.events[1], time: Date.UTC(2024, 3, 23, 11) };
  const asked = { ...world, events: [...world.events, far] };
  const [row] = table(ask(asked, { intervals: 60 }));
  expect(row.flatMap((count, i) => (i > 0 && count === 1 ? [i - 1] : []))).toEqual([0, 50]);
});

test('calendar days beyond a word come from who did anything, too', () => {
  const world = worldOf('ann A 4T10:00', 'ann C 5T12:00');
  const later = { ...world.events[1], time: Date.UTC(2024, 3, 23, 11) };
  const asked = { ...world, events: [...world.events, later] };
  const any = { anyOf: [{ event: null }] };
  const [row] = table(ask(asked, { return: any, mode: 'calendar', unit: 'day', intervals: 60 }));
  expect(row.flatMap((count, i) => (i > 0 && count === 1 ? [i - 1] : []))).toEqual([1, 50]);
});

test('commands of the protocol are no returns by any event', () => {
  const any = { anyOf: [{ event: null }] };
  const world = worldOf('ann A 4T10:00', 'ann $identify 4T11:00', 'ann $identify 5T11:00');
  for (const mode of ['rolling', 'calendar'] as const) {
    expect(table(ask(world, { return: any, mode }))[0]).toEqual([1, 0, 0, 0]);
  }
});

test('who must be somebody comes back only as such', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 5T11:00', 'bob A 4T10:00', 'bob B 5T11:00');
  const property = { scope: 'person' as const, name: 'plan' };
  const isPro = { type: 'property' as const, property, operator: 'is_set' as const, values: [] };
  const any = { anyOf: [{ event: null, filters: [isPro] }] };
  for (const mode of ['rolling', 'calendar'] as const) {
    expect(table(ask(world, { return: any, mode }))[0]).toEqual([2, 0, 1, 0]);
  }
});

test('"on or before" counts the first return in all intervals after it', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 5T12:00');
  for (const mode of ['rolling', 'calendar'] as const) {
    expect(table(ask(world, { criterion: 'on_or_before', mode }))[0]).toEqual([1, 0, 1, 1]);
  }
});

test('a streak ends with the first interval without a return, and may begin with the birth itself', () => {
  const world = worldOf('ann A 4T10:00', 'ann A 5T12:00', 'ann A 7T12:00', 'bob A 4T10:00');
  const both = { birth: { anyOf: [{ event: 'A' }] }, return: { anyOf: [{ event: 'A' }] } };
  for (const mode of ['rolling', 'calendar'] as const) {
    const asked = { ...both, criterion: 'streak' as const, births: 'first' as const, mode };
    expect(table(ask(world, { ...asked, intervals: 4 }))[0]).toEqual([2, 2, 1, 0, 0]);
  }
});

test('a streak by other events than the birth does not begin with it', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 5T12:00');
  for (const mode of ['rolling', 'calendar'] as const) {
    expect(table(ask(world, { criterion: 'streak', mode }))[0]).toEqual([1, 0, 0, 0]);
  }
});

test('brackets have several units, of which one with a return is enough', () => {
  const world = worldOf('ann A 4T10:00', 'ann B 7T12:00', 'ann B 8T12:00');
  for (const mode of ['rolling', 'calendar'] as const) {
    const asked = { brackets: [1, 2, 2, 40], intervals: 4, mode };
    expect(table(ask(world, asked))[0]).toEqual([1, 0, 0, 1, 0]);
    expect(table(ask(world, { ...asked, criterion: 'on_or_after' }))[0]).toEqual([1, 1, 1, 1, 0]);
  }
});

const byOs = [{ property: { scope: 'event' as const, name: 'os' } }];
const segmentTables = ({ segments }: RetentionResult) =>
  Object.fromEntries(segments.map((one) => [one.segment.text, table(one)[0]]));

test('a return counts in the segment of what it has, or in that of its birth as well', () => {
  const world = worldOf(
    'ann A 4T10:00 os=iOS',
    'ann B 4T11:00 os=Web',
    'ann B 5T11:00 os=iOS',
    'bob A 4T10:00 os=Web',
  );
  const day = { range: { from: '2024-03-04', to: '2024-03-04' }, breakdowns: byOs };
  expect(segmentTables(ask(world, { ...day, segmentBy: 'return' }))).toEqual({
    Web: [2, 1, 0, 0],
    iOS: [2, 0, 1, 0],
  });
  expect(segmentTables(ask(world, { ...day, segmentBy: 'both' }))).toEqual({
    Web: [1, 0, 0, 0],
    iOS: [1, 0, 1, 0],
  });
});

test('numbers add up by the interval they were seen in, in a streak up to its end', () => {
  const world = worldOf(
    'ann A 4T10:00',
    'ann B 4T11:00 n=5',
    'ann B 4T12:00 n=2',
    'ann B 6T11:00 n=10',
  );
  for (const { properties } of world.events) {
    if (properties.n !== undefined)
      (properties as Record<string, unknown>).n = Number(properties.n);
  }
  const measure = { type: 'sum' as const, property: { scope: 'event' as const, name: 'n' } };
  expect(table(ask(world, { measure }))[0]).toEqual([1, 7, 0, 10]);
  expect(table(ask(world, { measure, criterion: 'streak' }))[0]).toEqual([1, 7, 0, 0]);
  expect(table(ask(world, { measure, criterion: 'on_or_after' }))[0]).toEqual([1, 17, 10, 10]);
});

test('what it keeps of a user counts births, values that returns have and their numbers', () => {
  const source: ScanSource = {
    days: [],
    eventNames: [],
    userCount: 0,
    mergedUsers: new Uint32Array(0),
    personColumn: () => undefined,
    userId: () => '',
  };
  const bytesOf = (query: RetentionInput): number => {
    const plan = planQuery(querySchema.parse({ ...plain, ...query }), later);
    const scan = createRetentionScans(plan, source)?.scans[0];
    return scan?.unit === 'users' ? (scan.userBytes ?? 0) : 0;
  };
  const price = { scope: 'event', name: 'price' } as const;
  const byReturn = { breakdowns: [{ property: price }], segmentBy: 'return' } as const;
  const summed = { measure: { type: 'sum', property: price } } as const;
  const sizes = [
    { births: 'first' },
    { births: 'every_bucket' },
    { births: 'every_bucket', ...summed },
    { births: 'every_bucket', ...byReturn },
    { births: 'every_bucket', ...byReturn, intervals: 60 },
  ].map((query) => bytesOf(query as RetentionInput));
  const [first, each, numbers, split, long] = sizes;
  expect(first).toBeLessThan(100);
  expect(each).toBeGreaterThan(first);
  expect(Math.min(numbers, split)).toBeGreaterThan(2 * each);
  expect(long).toBeGreaterThan(split);
});
