import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { batch, event, midnight, openStore, person } from '../../../test/batches.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { decodeRowBatch, encodeRowBatch } from '../../format/row-batch.ts';
import type { ShardStore } from '../shard-store.ts';
import { eventBatches, type Move, moveOfBatch } from './move-batches.ts';
import { peopleBatches } from './move-people.ts';
import { readMoves } from './read-moves.ts';

const move: Move = {
  id: 42,
  project: 1,
  loser: 'late',
  winner: 'early',
  sequence: 50,
  createdAt: midnight,
};

function read(store: ShardStore): { batchId: string; bytes: Uint8Array }[] {
  const { users, segments, memory } = store.movingUsers(1, [{ loser: 'late' }]);
  const days = [...new Set([...segments.map(({ day }) => day), ...memory.keys()])];
  const moves = [{ move, toShard: 5, ids: users[0].ids }];
  return readMoves(
    days.map((day) => ({
      owner: { project: 1, shard: 0, day },
      segments: segments.filter((segment) => segment.day === day),
      memory: memory.get(day) ?? [],
      moves,
    })),
  ).flat();
}

it('makes the same batches of events wherever they lie, with what decides their place', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-move-batches-'));
  const { store } = await openStore();
  const late = { distinctId: 'late', user: 'late' };
  const events = [
    event({ ...late, insertId: 'i1', position: 4, properties: { z: 1, a: ['x'] } }),
    event({ ...late, event: 'Buy', insertId: 'i2', position: 2, sentTime: midnight - 5 }),
    event({ distinctId: 'other', user: 'other', insertId: 'i3', position: 3 }),
  ];
  await store.append(encodeRowBatch(batch('b1', { sequence: 7, events })));
  const fromMemory = read(store);
  const catalog = new TestCatalog(folder);
  const job = await store.prepareIndex();
  if (job) catalog.commit(job);
  await store.adopt(catalog.latest);
  expect(read(store)).toEqual(fromMemory);
  expect(fromMemory.map(({ bytes }) => decodeRowBatch(bytes))).toEqual([
    {
      ...batch(fromMemory[0]?.batchId ?? '', { sequence: 7, shard: 5 }),
      receivedAt: midnight,
      events: [
        { ...events[1], user: 'early', position: 0 },
        { ...events[0], user: 'early', position: 1 },
      ],
    },
  ]);
  await store.close();
  fs.rmSync(folder, { recursive: true });
});

it('names the move in every batch, and no other batch so that it could be taken for one', () => {
  const events = [1, 2].map((sequence) => {
    const { event: name, time, sentTime, distinctId, insertId, properties } = event();
    return {
      event: { event: name, time, sentTime, distinctId, insertId, properties },
      sequence,
      owner: 1,
      tie: 0,
    };
  });
  const batches = [
    ...eventBatches(move, 5, { day: 19_786, events }),
    ...peopleBatches(move, 5, { profiles: { late: { name: 'Lea' } }, links: [], updates: [] }),
  ];
  expect(batches.map(({ batchId }) => moveOfBatch(batchId))).toEqual([42, 42, 42, 42]);
  expect(new Set(batches.map(({ batchId }) => batchId)).size).toBe(4);
  expect(moveOfBatch('hof9azm6rk-2a3bb0ccbb4d-8')).toBeNull();
});

it('tells of the merge, of what files say before all else, and of what came since at its own place', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-move-batches-'));
  const { store } = await openStore();
  const named = person('late', [{ operator: '$set', values: { name: 'Lea' } }]);
  await store.append(encodeRowBatch(batch('b1', { sequence: 7, persons: [named] })));
  const catalog = new TestCatalog(folder);
  const job = await store.prepareIndex();
  if (job) catalog.commit(job);
  await store.adopt(catalog.latest);
  const counted = {
    ...person('late', [{ operator: '$add', values: { n: 1 } }]),
    insertId: 'once',
    position: 3,
  };
  await store.append(encodeRowBatch(batch('b2', { sequence: 9, persons: [counted] })));
  const links = [{ loser: 'late', winner: 'early' }];
  await store.append(encodeRowBatch(batch('b3', { sequence: 50, links })));
  const people = (): unknown[] =>
    peopleBatches(move, 5, store.movingUsers(1, [{ loser: 'late' }]).users[0]).map(({ bytes }) =>
      decodeRowBatch(bytes),
    );
  const operations = [{ operator: '$set_once', values: { name: 'Lea' } }];
  expect(people()).toMatchObject([
    { sequence: 50, links },
    { sequence: 0, persons: [{ user: 'late', operations, ignoreTime: true }] },
    { sequence: 9, persons: [counted] },
  ]);
  expect(people()).toEqual(people());
  await store.close();
  fs.rmSync(folder, { recursive: true });
});

it('tells nothing of who was divided, keeps his id and has no profile', () => {
  const divided = { ...move, loser: 'part', winner: 'part', sequence: null };
  expect(peopleBatches(divided, 5, { profiles: {}, links: [], updates: [] })).toEqual([]);
});
