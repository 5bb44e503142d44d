import { expect, test } from 'vitest';
import type { PropertyValue } from '@arbor/schema/property-value';
import type { BreakdownPlan, PropertyPlan } from '../plan/plan-types.ts';
import { segmentKey, segmentOfKey } from '../merge/segment-groups.ts';
import type { Frame } from './frame.ts';
import { otherEntries, segmentedBy } from './segments.ts';

const zone = { timezone: 'UTC', weekStart: 1 };

/** Things with the values of two properties, `a` and `b`, one list each. */
function frameOf(columns: Readonly<Record<string, PropertyValue[]>>): Frame {
  const count = Object.values(columns)[0].length;
  return {
    count,
    column: ({ name }: PropertyPlan) => ({
      codes: Uint32Array.from(columns[name], (_, i) => i + 1),
      values: [null, ...columns[name]],
    }),
    member: (cohort) => Uint8Array.from({ length: count }, (_, i) => (i + cohort) % 2),
  };
}

const by = (
  name: string,
  buckets: Extract<BreakdownPlan, { type: 'property' }>['buckets'] = { type: 'none' },
): BreakdownPlan => ({
  type: 'property',
  property: { scope: 'event', name },
  buckets,
  items: null,
});

function textsOf(breakdowns: BreakdownPlan[], frame: Frame): string[][] {
  const things = Uint32Array.from({ length: frame.count }, (_, i) => i);
  const { rows, slots, segments } = segmentedBy(
    { breakdown: null, breakdowns, zone },
    things,
    frame,
  );
  return Array.from(things, (thing) =>
    Array.from(slots)
      .filter((_, i) => rows[i] === thing)
      .map((slot) => segments[slot].text),
  );
}

test('several breakdowns give every combination of the segments of a thing, each once', () => {
  const frame = frameOf({ a: [['x', 'y', 'x'], 'x', null], b: [[1, 2], [], 'x'] });
  expect(textsOf([by('a'), by('b')], frame)).toEqual([
    ['x / 1', 'x / 2', 'y / 1', 'y / 2'],
    ['x / (not set)'],
    ['(not set) / x'],
  ]);
});

test('cohorts give in or not in for each of them', () => {
  const cohorts = [
    { index: 0, name: 'P' },
    { index: 1, name: 'Q' },
  ];
  const things = Uint32Array.of(0, 1);
  const { segments, rows, slots } = segmentedBy(
    { breakdown: null, breakdowns: [{ type: 'cohort', cohorts }], zone },
    things,
    frameOf({ a: [1, 2] }),
  );
  const named = Array.from(rows, (row, i) => [
    row,
    segments[slots[i]].type,
    segments[slots[i]].text,
  ]);
  expect(named).toEqual([
    [0, 'not_in', 'P'],
    [0, 'in', 'Q'],
    [1, 'in', 'P'],
    [1, 'not_in', 'Q'],
  ]);
});

test('even buckets have lower edges inside and upper ones outside, and the last one may be smaller', () => {
  const frame = frameOf({ a: [-0.1, 0, 0.1, 0.3, 0.5, 0.6, 'x', null] });
  const buckets = { type: 'even' as const, min: 0, max: 0.5, size: 0.1 };
  expect(textsOf([by('a', buckets)], frame)).toEqual([
    ['< 0'],
    ['0 – 0.1'],
    ['0.1 – 0.2'],
    ['0.3 – 0.4'],
    ['≥ 0.5'],
    ['≥ 0.5'],
    ['(non-numeric values)'],
    ['(not set)'],
  ]);
  expect(textsOf([by('a', { ...buckets, size: 0.3 })], frameOf({ a: [0.45] }))).toEqual([
    ['0.3 – 0.5'],
  ]);
});

test('dates have the local start of their bucket; an hour that comes twice is two', () => {
  const berlin = { timezone: 'Europe/Berlin', weekStart: 7 };
  const text = (date: string, unit: 'hour' | 'minute' | 'week' | 'quarter' | 'year'): string => {
    const breakdowns = [by('a', { type: 'date', unit })];
    const plan = { breakdown: null, breakdowns, zone: berlin };
    return segmentedBy(plan, Uint32Array.of(0), frameOf({ a: [date] })).segments[0].text;
  };
  expect(text('2024-10-27T00:45:00Z', 'hour')).toBe('2024-10-27T02:00:00+02:00');
  expect(text('2024-10-27T01:45:00Z', 'hour')).toBe('2024-10-27T02:00:00+01:00');
  expect(text('2024-10-27T01:45:59Z', 'minute')).toBe('2024-10-27T02:45:00+01:00');
  expect(text('2024-03-05', 'week')).toBe('2024-03-03');
  expect(text('2024-12-31T22:59:00', 'quarter')).toBe('2024-10-01');
  expect(text('2024-12-31T23:00:00', 'year')).toBe('2025-01-01');
});

test('the row of all other segments has a thing once, with the sum of its parts', () => {
  const string = (text: string) => ({ type: 'string' as const, text });
  const entries = {
    rows: Uint32Array.of(3, 3, 3, 5),
    slots: Uint32Array.of(0, 1, 2, 0),
    slotCount: 3,
    segments: [string('a'), string('b'), string('c')],
  };
  expect(otherEntries(entries, new Set(['string:a']))).toEqual({
    rows: Uint32Array.of(3),
    slots: Uint32Array.of(0),
    slotCount: 1,
  });
  const weights = Float64Array.of(0.5, 0.25, 0.125, 1);
  expect(otherEntries({ ...entries, weights }, new Set(['string:a'])).weights).toEqual(
    Float64Array.of(0.375),
  );
});

test('keys tell combinations apart that read the same, and give them back', () => {
  const parts = (...texts: string[]) => texts.map((text) => ({ type: 'string' as const, text }));
  const read = { type: 'combination' as const, text: 'a / b / c' };
  const one = { ...read, parts: parts('a / b', 'c') };
  const other = { ...read, parts: parts('a', 'b / c') };
  expect(segmentKey(one)).not.toBe(segmentKey(other));
  expect(segmentOfKey(segmentKey(one))).toEqual(one);
  expect(segmentOfKey('string:a:b')).toEqual({ type: 'string', text: 'a:b' });
});
