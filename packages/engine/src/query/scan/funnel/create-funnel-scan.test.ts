import { expect, test } from 'vitest';
import type { QueryInput } from '@arbor/schema/query';
import type { FunnelResult } from '@arbor/schema/result';
import { later } from '../../../../test/model/ask.ts';
import { askAllScans, askScans } from '../../../../test/model/run-user-scans.ts';
import type { World, WorldEvent } from '../../../../test/model/world.ts';
import { createFunnelScans } from './create-funnel-scan.ts';

const hourMs = 3_600_000;

/** "A 1.5 os=iOS" is event A one and a half hours into 4 March. */
function worldOf(...texts: string[]): World {
  const events = texts.map((text): WorldEvent => {
    const [event, hours, property] = text.split(' ');
    const [name, value] = property?.split('=') ?? [];
    return {
      user: 'ann',
      event,
      time: Date.UTC(2024, 2, 4) + Number(hours) * hourMs,
      properties: name === undefined ? {} : { [name]: value },
    };
  });
  return { events, people: {} };
}

const steps = (...names: string[]) => names.map((event) => ({ anyOf: [{ event }] }));

type FunnelInput = Partial<Extract<QueryInput, { type: 'funnel' }>>;

function ask(world: World, query: FunnelInput): FunnelResult {
  const whole = {
    type: 'funnel' as const,
    range: { from: '2024-03-04', to: '2024-03-06' },
    steps: steps('A', 'B', 'C'),
    window: { value: 2, unit: 'hour' as const },
    ...query,
  };
  const cuts = { threads: 1, users: 10, days: 1, together: false };
  const result = askScans(createFunnelScans, world, whole, later, cuts);
  if (result?.type !== 'funnel') throw new Error('not answered');
  return result;
}

const counts = (result: FunnelResult) => result.steps.map(({ count }) => count);
const fromEntry = (result: FunnelResult) =>
  result.steps.map(({ medianFromEntryMs }) => medianFromEntryMs && medianFromEntryMs / hourMs);

test('by first entry, a later one does not restart the window', () => {
  const world = worldOf('A 0', 'A 1.5', 'B 1.6', 'C 3');
  expect(counts(ask(world, {}))).toEqual([1, 1, 0]);
});

test('by any entry, the latest entry that gets furthest is the start', () => {
  const result = ask(worldOf('A 0', 'A 1.5', 'B 1.75', 'C 3'), { entry: 'any' });
  expect(counts(result)).toEqual([1, 1, 1]);
  expect(fromEntry(result)).toEqual([null, 0.25, 1.5]);
});

test('by any entry, the first to reach the highest step is kept', () => {
  const result = ask(worldOf('A 0', 'B 1', 'A 5', 'B 5.5', 'A 9', 'B 10'), { entry: 'any' });
  expect(counts(result)).toEqual([1, 1, 0]);
  expect(fromEntry(result)).toEqual([null, 1, null]);
});

test('by any entry, steps in between take the first match after that entry', () => {
  const result = ask(worldOf('A 0', 'B 0.5', 'B 0.75', 'C 1'), { entry: 'any' });
  expect(fromEntry(result)).toEqual([null, 0.5, 1]);
});

test('by any entry, a day without the last step leaves the latest attempt to the next one', () => {
  // Its second day has entries and events of step 2 alone: that from 46 to 46.5 goes on, the one at 47.5 does not.
  const times = 'A 0,B 1,A 45,B 45.5,A 46,B 46.5,B 47,A 47.5,C 48,B 48.5';
  const world = worldOf(...times.split(','));
  const result = ask(world, { entry: 'any' });
  expect(counts(result)).toEqual([1, 1, 1]);
  expect(fromEntry(result)).toEqual([null, 0.5, 2]);
});

test('by any entry, an entry after the last event of the day is there for the next one', () => {
  const world = worldOf('A 0', 'B 1', 'B 45', 'A 46.5', 'B 48.2', 'C 48.4');
  const result = ask(world, { entry: 'any' });
  expect(counts(result)).toEqual([1, 1, 1]);
  expect(fromEntry(result).map((hours) => hours && Math.round(hours * 10))).toEqual([null, 17, 19]);
});

test('by any entry, the segment is that of the attempt', () => {
  const world = worldOf('A 0 os=iOS', 'A 1 os=Linux', 'B 1.5', 'A 1.7 os=Windows');
  const by = { breakdowns: [{ property: { scope: 'event' as const, name: 'os' } }] };
  const { segments } = ask(world, { ...by, entry: 'any' });
  expect(segments.map(({ segment }) => segment.text)).toEqual(['Linux']);
});

test('by first entry, a user is once in each segment', () => {
  const world = worldOf('A 0 os=iOS', 'B 1', 'C 1.5', 'A 1.6 os=Linux', 'A 5 os=iOS', 'B 6');
  const by = { breakdowns: [{ property: { scope: 'event' as const, name: 'os' } }] };
  const { segments, ...overall } = ask(world, by);
  expect(counts({ ...overall, segments })).toEqual([1, 1, 1]);
  expect(segments.map(({ segment, steps: [a, b, c] }) => [segment.text, a, b, c])).toMatchObject([
    ['Linux', { count: 1 }, { count: 0 }, { count: 0 }],
    ['iOS', { count: 1 }, { count: 1 }, { count: 1 }],
  ]);
});

test('goes on past midnight and past the range, to the end of the window', () => {
  const world = worldOf('A 23', 'B 24', 'C 25');
  const onOneDay = { range: { from: '2024-03-04', to: '2024-03-04' } };
  expect(counts(ask(world, onOneDay))).toEqual([1, 1, 1]);
  expect(counts(ask(worldOf('A 23', 'B 24', 'C 25.1'), onOneDay))).toEqual([1, 1, 0]);
});

test('events of one instant may come in any order, each as one step', () => {
  expect(counts(ask(worldOf('C 1', 'B 1', 'A 1'), {}))).toEqual([1, 1, 1]);
  const twice = { steps: steps('A', 'A', 'A') };
  expect(counts(ask(worldOf('A 1', 'A 1'), twice))).toEqual([1, 1, 0]);
  expect(counts(ask(worldOf('A 1', 'A 1'), { ...twice, entry: 'any' }))).toEqual([1, 1, 0]);
});

test('of totals every attempt counts, and a new one begins after the one before', () => {
  const world = worldOf(
    'A 0',
    'A 0.5',
    'B 1',
    'C 1.5',
    'A 1.7',
    'B 2',
    'A 5',
    'B 23',
    'A 24',
    'B 25',
  );
  const totals = ask(world, { counting: 'totals' });
  expect(counts(totals)).toEqual([4, 3, 1]);
  expect(fromEntry(totals)).toEqual([null, 1, 1.5]);
  expect(counts(ask(world, { counting: 'totals', entry: 'any' }))).toEqual([4, 3, 1]);
});

test('of totals a segment has all its attempts', () => {
  const world = worldOf('A 0 os=iOS', 'B 1', 'C 1.5', 'A 5 os=iOS', 'B 6', 'A 9 os=Linux');
  const by = { breakdowns: [{ property: { scope: 'event' as const, name: 'os' } }] };
  const { segments } = ask(world, { ...by, counting: 'totals' });
  expect(segments.map(({ segment, steps: [a, b, c] }) => [segment.text, a, b, c])).toMatchObject([
    ['iOS', { count: 2 }, { count: 2, medianFromEntryMs: hourMs }, { count: 1 }],
    ['Linux', { count: 1 }, { count: 0 }, { count: 0 }],
  ]);
});

test('completion in the range ends with its last day', () => {
  const world = worldOf('A 23', 'B 23.9', 'C 24');
  const onOneDay = { range: { from: '2024-03-04', to: '2024-03-04' } };
  expect(counts(ask(world, { ...onOneDay, completion: 'in_range' }))).toEqual([1, 1, 0]);
  expect(counts(ask(world, onOneDay))).toEqual([1, 1, 1]);
});

test('distributes the times between two steps, also where no other times are asked for', () => {
  const world = worldOf('A 0', 'B 0.5', 'C 1.5', 'A 5', 'B 6', 'C 6.5', 'A 10', 'B 11');
  const result = ask(world, {
    counting: 'totals',
    timing: false,
    distribution: { from: 1, to: 2, bins: 1 },
  });
  expect(result.distribution).toMatchObject({
    count: 2,
    minMs: 0.5 * hourMs,
    averageMs: 0.75 * hourMs,
    maxMs: hourMs,
  });
  expect(fromEntry(result)).toEqual([null, null, null]);
});

test('has no times where none were asked for', () => {
  const result = ask(worldOf('A 0', 'B 1', 'C 2'), { timing: false });
  expect(counts(result)).toEqual([1, 1, 1]);
  expect(fromEntry(result)).toEqual([null, null, null]);
});

test('breaks down by the value of the first, the last or one step of each attempt', () => {
  const world = worldOf('A 0 os=x', 'B 1 os=y', 'C 1.5', 'A 5 os=y', 'B 6 os=z');
  const segments = (attribution: FunnelInput['attribution'], entry: 'first' | 'any') => {
    const breakdowns = [{ property: { scope: 'event' as const, name: 'os' } }];
    const result = ask(world, { breakdowns, ...(attribution && { attribution }), entry });
    return Object.fromEntries(
      result.segments.map((own) => [own.segment.text, own.steps.map(({ count }) => count)]),
    );
  };
  const both = { x: [1, 1, 1], y: [1, 1, 0] };
  expect(segments({ type: 'first' }, 'first')).toEqual(both);
  expect(segments({ type: 'last' }, 'first')).toEqual({ y: both.x, z: both.y });
  expect(segments({ type: 'step', step: 1 }, 'first')).toEqual({ y: both.x, z: both.y });
  expect(segments({ type: 'last' }, 'any')).toEqual({ y: both.x });
  expect(segments({ type: 'step', step: 0 }, 'any')).toEqual({ x: both.x });
});

test('counts a user once in the segment of all others, by his first attempt in any of them', () => {
  const world = worldOf('A 0 os=x', 'A 5 os=y', 'B 6', 'A 10 os=z', 'B 11', 'C 12');
  const cuts = { threads: 1, users: 10, days: 1, together: false };
  const result = askAllScans(
    createFunnelScans,
    world,
    {
      type: 'funnel',
      range: { from: '2024-03-04', to: '2024-03-06' },
      steps: steps('A', 'B', 'C'),
      window: { value: 2, unit: 'hour' },
      breakdowns: [{ property: { scope: 'event', name: 'os' } }],
      segmentsMax: 1,
      otherSegment: true,
    },
    later,
    cuts,
  );
  const segments = result.type === 'funnel' ? result.segments : [];
  expect(
    segments.map(({ segment, steps: own }) => [segment.type, ...own.map(({ count }) => count)]),
  ).toEqual([
    ['string', 1, 0, 0],
    ['other', 1, 1, 0],
  ]);
});

test('leaves a grace and more than 30 steps to others', () => {
  const cuts = { threads: 1, users: 1, days: 1, together: false };
  const base = { type: 'funnel' as const, range: { from: '2024-03-04', to: '2024-03-06' } };
  const many = steps(...Array.from({ length: 31 }, () => 'A'));
  for (const query of [
    { ...base, steps: steps('A', 'B'), graceMs: 2000 },
    { ...base, steps: many },
  ]) {
    expect(askScans(createFunnelScans, worldOf('A 0'), query, later, cuts)).toBeNull();
  }
});
