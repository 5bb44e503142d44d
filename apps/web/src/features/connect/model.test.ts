import { describe, expect, it } from 'vitest';
import type { LiveEntry } from '@arbor/schema/live';
import { withArrival, type Arrivals } from './model.ts';

const nothing: Arrivals = { first: null, rejected: [] };
const base = { receivedAt: 1, source: 'track' } as const;
const event = (id: string): LiveEntry => ({
  kind: 'event',
  id,
  ...base,
  event: 'Hello',
  time: 1,
  distinctId: 'me',
  user: 'me',
  insertId: id,
  properties: {},
});
const rejected = (id: string): LiveEntry => ({
  kind: 'rejected',
  id,
  ...base,
  reason: 'too large',
  record: '{}',
});

describe('withArrival', () => {
  it('keeps the first event', () => {
    const after = [event('a'), event('b')].reduce(withArrival, nothing);
    expect(after.first?.id).toBe('a');
  });

  it('keeps the last five refusals, newest first, each once', () => {
    const sent = ['a', 'b', 'c', 'd', 'e', 'f', 'f'].map(rejected);
    expect(sent.reduce(withArrival, nothing).rejected.map(({ id }) => id)).toEqual([
      'f',
      'e',
      'd',
      'c',
      'b',
    ]);
  });
});
