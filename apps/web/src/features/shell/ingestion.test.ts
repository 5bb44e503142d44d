import { expect, test } from 'vitest';
import { ingestionState } from './ingestion.ts';

const replica = { name: 'r', serving: true, lagMs: 20 };
const lane = { lane: 'live' as const, behindMs: 0, jobs: 0 };
const zone = (name: string, ...replicas: (typeof replica)[]) => ({ zone: name, replicas });
const level = (input: Parameters<typeof ingestionState>[0]) => ingestionState(input).level;

test('is fine while both zones serve and nothing waits long', () => {
  const zones = [zone('a', replica), zone('b', replica)];
  expect(level({ lanes: [lane], zones })).toBe('ok');
  expect(ingestionState({ lanes: [{ ...lane, behindMs: 120_000 }], zones })).toEqual({
    level: 'late',
    text: 'New data is 2 m behind. Nothing is lost',
  });
});

test('says which zone is away, and when none answers', () => {
  const lanes = [lane];
  expect(ingestionState({ lanes, zones: [zone('a', replica), zone('b')] })).toEqual({
    level: 'late',
    text: 'Zone b does not answer, the others do',
  });
  const replaying = zone('a', { ...replica, serving: false });
  expect(level({ lanes, zones: [replaying] })).toBe('broken');
});
