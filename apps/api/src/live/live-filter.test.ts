import type { LiveEntry } from '@arbor/schema/live';
import { expect, test } from 'vitest';
import { passesFilter } from './live-filter.ts';

const common = { id: 'b:0', receivedAt: 1, source: 'track' as const };
const event: LiveEntry = {
  ...common,
  kind: 'event',
  event: 'Buy',
  time: 1,
  distinctId: '$device:1',
  user: 'anna',
  insertId: 'i',
  properties: {},
};
const alias: LiveEntry = { ...common, kind: 'alias', time: 1, alias: '$device:1', user: 'anna' };
const rejected: LiveEntry = { ...common, kind: 'rejected', reason: 'no name', record: '{}' };

test('lets everything pass without conditions', () => {
  for (const entry of [event, alias, rejected]) expect(passesFilter(entry, {})).toBe(true);
  expect(passesFilter(event, { kinds: [] })).toBe(true);
});

test('shows only the kinds asked for', () => {
  expect(passesFilter(event, { kinds: ['rejected'] })).toBe(false);
  expect(passesFilter(rejected, { kinds: ['rejected', 'alias'] })).toBe(true);
});

test('matches an event by its name and hides what is no event', () => {
  expect(passesFilter(event, { event: 'Buy' })).toBe(true);
  expect(passesFilter(event, { event: 'buy' })).toBe(false);
  expect(passesFilter(alias, { event: 'Buy' })).toBe(false);
});

test('matches a user by the identifier as sent and by the canonical id', () => {
  for (const user of ['$device:1', 'anna']) {
    expect(passesFilter(event, { user })).toBe(true);
    expect(passesFilter(alias, { user })).toBe(true);
  }
  expect(passesFilter(event, { user: 'bert' })).toBe(false);
  expect(passesFilter(rejected, { user: 'anna' })).toBe(false);
});
