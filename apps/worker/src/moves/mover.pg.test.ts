import { unfinishedMoves } from '@arbor/db/moves';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../storage/testing/test-shard.ts';
import { moveLimits } from './move-limits.ts';
import { Mover } from './mover.ts';
import {
  addShard,
  arrived,
  batchOf,
  contextOf,
  from,
  leftBehind,
  moved,
  never,
  nextSequence,
  pool,
  prepare,
  project,
  replicaOf,
  send,
  store,
  to,
  useShards,
  visits,
  zones,
} from './testing/moving-shards.ts';

useShards(7_300);

describe('a mover', () => {
  it('copies a user to where he belongs in every zone, takes him out where he was, and is done', async () => {
    await prepare();
    const mover = new Mover(contextOf('a'), never);
    await mover.copy();
    for (const zone of zones) expect(await arrived(zone)).toEqual(moved);
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ state: 'copied', task: null }]);
    await mover.settle();
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ task: expect.any(String) }]);
    await from.runTasks(replicaOf('a', from), { send });
    // One zone has not yet taken the files in from which he is gone.
    await mover.settle();
    expect(await unfinishedMoves(pool, project)).toHaveLength(1);
    await replicaOf('b', from).follower.refresh();
    await mover.settle();
    expect(await unfinishedMoves(pool, project)).toEqual([]);
    for (const zone of zones) {
      expect(leftBehind(zone)).toBe(1);
      expect(await arrived(zone)).toEqual(moved);
    }
  });

  it('brings what comes late, soon from memory and at the end from wherever it lies', async () => {
    await prepare();
    const settling = { ...moveLimits, lateEveryMs: 0, settledEveryMs: 1e9, settleMs: 1e9 };
    const mover = new Mover(contextOf('a', { limits: settling }), never);
    await mover.copy();
    await store(from, batchOf(from, { events: visits('late', [8]) }));
    await mover.settle();
    const rows = [...moved.rows, 'early 8'].sort();
    for (const zone of zones) expect(await arrived(zone)).toMatchObject({ rows });
    await store(from, batchOf(from, { events: visits('late', [9]) }));
    await from.index(replicaOf('a', from), { send });
    await mover.settle();
    for (const zone of zones) expect(await arrived(zone)).toMatchObject({ rows });
    await new Mover(contextOf('a'), never).settle();
    const all = [...rows, 'early 9'].sort();
    for (const zone of zones) expect(await arrived(zone)).toMatchObject({ rows: all });
  });

  it('waits for a user to be divided before it moves his part', async () => {
    await store(from, batchOf(from, { events: visits('part', [1, 2]) }));
    const task = { type: 'split', user: 'whole', identifiers: ['part'], to: 'part' };
    const id = await pool.query<{ id: string }>(
      'INSERT INTO shard_tasks (shard, project, task) VALUES ($1, $2, $3) RETURNING id',
      [from.shard, project, task],
    );
    await pool.query(
      `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard) VALUES ($1, 'part', 'part', $2, $3)`,
      [project, from.shard, to.shard],
    );
    const mover = new Mover(contextOf('b'), never);
    await mover.copy();
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ state: 'pending' }]);
    await pool.query("UPDATE shard_tasks SET state = 'done' WHERE id = $1", [id.rows[0]?.id]);
    await mover.copy();
    for (const zone of zones) expect((await arrived(zone)).rows).toEqual(['part 1', 'part 2']);
  });

  it('follows a chain of merges from shard to shard', async () => {
    await prepare();
    await store(from, batchOf(from, { links: [{ loser: 'early', winner: 'first' }] }));
    await store(to, batchOf(to, { links: [{ loser: 'early', winner: 'first' }] }));
    const third = await addShard();
    await pool.query(
      `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence)
       VALUES ($1, 'early', 'first', $2, $3, $4)`,
      [project, to.shard, third.shard, nextSequence()],
    );
    await new Mover(contextOf('a'), never).copy();
    for (const zone of zones) {
      const { rows, profiles } = await contentOf(replicaOf(zone, third).store);
      expect({ rows, profiles }).toEqual({
        rows: moved.rows.map((row) => row.replace('early', 'first')),
        profiles: ['first: name="Lea"'],
      });
    }
    await third.remove();
  });
});
