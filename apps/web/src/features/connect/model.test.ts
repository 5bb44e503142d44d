import { describe, expect, it } from 'vitest';
import type { LiveEntry } from '@arbor/schema/live';
import { strangersOf, withArrival, type Arrivals } from './model.ts';

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

describe('strangersOf', () => {
  const stranger = (reason: string, receivedAt: number) =>
    ({ kind: 'rejected', id: reason, receivedAt, source: 'track', reason, record: '{}' }) as const;

  it('names each token once, a few, and none of long ago', () => {
    const now = 100 * 60_000;
    const sent = ['a', 'b', 'a', 'c', 'd'].map((reason, n) => stranger(reason, now - n * 1000));
    expect(strangersOf(sent, now).map(({ reason }) => reason)).toEqual(['a', 'b', 'c']);
    expect(strangersOf(sent, now + 20 * 60_000)).toEqual([]);
  });
});
