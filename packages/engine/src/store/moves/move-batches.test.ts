import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { batch, event, midnight, openStore, person } from '../../../test/batches.ts';
import { TestCatalog } from '../../../test/test-catalog.ts';
import { decodeRowBatch, encodeRowBatch } from '../../format/row-batch.ts';
import type { ShardStore } from '../shard-store.ts';
import { eventBatches, type Move, moveOfBatch, profileBatches } from './move-batches.ts';
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
    ...profileBatches(move, 5, { name: 'Lea' }),
  ];
  expect(batches.map(({ batchId }) => moveOfBatch(batchId))).toEqual([42, 42, 42, 42]);
  expect(new Set(batches.map(({ batchId }) => batchId)).size).toBe(4);
  expect(moveOfBatch('hof9azm6rk-2a3bb0ccbb4d-8')).toBeNull();
});

it('tells of the merge, and of the profile before all that came since', () => {
  const [link, profile] = profileBatches(move, 5, { name: 'Lea' }).map(({ bytes }) =>
    decodeRowBatch(bytes),
  );
  expect(link).toMatchObject({ sequence: 50, links: [{ loser: 'late', winner: 'early' }] });
  const operations = [{ operator: '$set_once' as const, values: { name: 'Lea' } }];
  expect(profile).toMatchObject({ sequence: 0, persons: [person('late', operations)] });
  // Who was divided keeps his id, and who has no profile needs none.
  const divided = { ...move, loser: 'part', winner: 'part', sequence: null };
  expect(profileBatches(divided, 5, undefined)).toEqual([]);
});
