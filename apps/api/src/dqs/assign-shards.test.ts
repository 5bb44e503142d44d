import type { Member } from '@arbor/schema/cluster';
import { expect, test } from 'vitest';
import { assignShards } from './assign-shards.ts';

const member = (name: string, over: Partial<Member> = {}): Member => ({
  version: 1,
  name,
  zone: name,
  url: `http://${name}`,
  pid: 1,
  shards: [0, 1, 2, 3],
  serving: true,
  lagMs: 0,
  ...over,
});

const assign = (
  members: Member[],
  options: { shards?: number[]; turn?: number; failed?: Record<string, number> } = {},
) => {
  const { shards = [0, 1, 2, 3], turn = 0, failed = {} } = options;
  const { assignments, unserved } = assignShards({
    shards,
    members,
    failures: (shard, { name }) => failed[`${shard}${name}`] ?? 0,
    failuresMax: 2,
    turn,
  });
  return {
    unserved,
    ...Object.fromEntries(assignments.map((each) => [each.member.name, each.shards])),
  };
};

test('spreads shards evenly over the zones', () => {
  expect(assign([member('a'), member('b')])).toEqual({ a: [0, 2], b: [1, 3], unserved: [] });
});

test('begins with another zone at each turn', () => {
  expect(assign([member('a'), member('b')], { shards: [0], turn: 1 })).toEqual({
    b: [0],
    unserved: [],
  });
});

test('leaves out a replica that is behind, unless it is the only one', () => {
  const behind = member('b', { lagMs: 5000 });
  expect(assign([member('a'), behind])).toEqual({ a: [0, 1, 2, 3], unserved: [] });
  expect(assign([behind])).toEqual({ b: [0, 1, 2, 3], unserved: [] });
});

test('never asks a process that does not serve yet', () => {
  expect(assign([member('a', { serving: false })], { shards: [0] })).toEqual({ unserved: [0] });
});

test('prefers a replica that has not failed, then tries the failed one again, then gives up', () => {
  const both = [member('a'), member('b')];
  const shards = [0];
  expect(assign(both, { shards, failed: { '0a': 1 } })).toEqual({ b: [0], unserved: [] });
  expect(assign(both, { shards, failed: { '0a': 1, '0b': 2 } })).toEqual({ a: [0], unserved: [] });
  expect(assign(both, { shards, failed: { '0a': 2, '0b': 2 } })).toEqual({ unserved: [0] });
});

test('names shards that nobody holds', () => {
  expect(assign([member('a', { shards: [0] })], { shards: [0, 7] })).toEqual({
    a: [0],
    unserved: [7],
  });
});
