import { unfinishedMoves } from '@arbor/db/moves';
import { describe, expect, it } from 'vitest';
import { moveLimits } from './move-limits.ts';
import { Mover } from './mover.ts';
import {
  arrived,
  batchOf,
  contextOf,
  counted,
  from,
  leftBehind,
  moved,
  never,
  nextSequence,
  noWaits,
  pool,
  prepare,
  profileOf,
  project,
  replicaOf,
  send,
  store,
  to,
  useShards,
  visits,
  zones,
} from './testing/moving-shards.ts';

useShards(7_500);

describe('what was said of users who move', () => {
  it('brings what was counted for a user once, whatever becomes files and comes late meanwhile', async () => {
    await store(from, batchOf(from, counted('late', 1)));
    await prepare();
    await store(from, batchOf(from, counted('late', 10)));
    // By then he is resolved to the one he became: what is his own there must not become a file before he came.
    await store(to, batchOf(to, counted('early', 100)));
    const indexed = to.index(replicaOf('b', to), { send });
    const mover = new Mover(contextOf('a'), never);
    await mover.copy();
    expect(['done', 'conflict']).toContain(await indexed);
    for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 111 });
    await to.index(replicaOf('a', to), { send });
    await replicaOf('b', to).follower.refresh();

    // Resolved before the link, and in files before anybody looked for it.
    await store(from, batchOf(from, counted('late', 1000)));
    expect(await from.index(replicaOf('b', from), { send })).toBe('done');
    await store(from, batchOf(from, counted('late', 10_000)));
    // Of a replica that does not know of these files yet, and of one that does.
    for (const zone of zones) await new Mover(contextOf(zone), never).settle();
    for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 11_111 });
  });

  it.each([
    { when: 'at once', isCopied: false },
    { when: 'one after the other', isCopied: true },
  ])(
    'brings what was counted for two who leave a shard for the same user once: $when',
    async ({ isCopied }) => {
      await store(from, batchOf(from, counted('other', 10, 'm')));
      await store(from, batchOf(from, counted('late', 1)));
      await prepare();
      await store(from, batchOf(from, counted('late', 2)));
      const mover = new Mover(contextOf('a'), never);
      if (isCopied) await mover.copy();
      const links = [{ loser: 'other', winner: 'early' }];
      await store(from, batchOf(from, counted('other', 20, 'm')));
      const sequence = nextSequence();
      for (const shard of [from, to]) await store(shard, batchOf(shard, { links, sequence }));
      await pool.query(
        `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence)
         VALUES ($1, 'other', 'early', $2, $3, $4)`,
        [project, from.shard, to.shard, sequence],
      );
      await mover.copy();
      for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 3, m: 30 });

      // Resolved before the links.
      await store(from, batchOf(from, counted('late', 100)));
      await store(from, batchOf(from, counted('other', 1000, 'm')));
      await mover.settle();
      await from.runTasks(replicaOf('a', from), { send });
      for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', n: 103, m: 1030 });
    },
  );

  it.each([
    { when: 'before the user is taken out', isAsked: false, lateEveryMs: 0 },
    { when: 'before the user is taken out', isAsked: false, lateEveryMs: 3_600_000 },
    { when: 'while the user is taken out', isAsked: true, lateEveryMs: 0 },
    { when: 'while the user is taken out', isAsked: true, lateEveryMs: 3_600_000 },
  ])(
    'loses nothing of somebody who is joined $when, late ones sought every $lateEveryMs ms',
    async ({ isAsked, lateEveryMs }) => {
      await store(from, batchOf(from, { events: visits('other', [11]), ...counted('other', 5) }));
      await prepare();
      // Begun long ago from the start: when a move began is part of its batches' names, so it must stay what it was.
      await pool.query(`UPDATE user_moves SET created_at = created_at - interval '2 hours'`);
      const limits = { ...moveLimits, ...noWaits, settleMs: 3_600_000, lateEveryMs };
      const mover = new Mover(contextOf('a', { limits }), never);
      const settled = (): Promise<unknown> =>
        pool.query(`UPDATE user_moves SET copied_at = copied_at - interval '2 hours'`);
      const taskOf = async () => (await unfinishedMoves(pool, project))[0]?.task;
      const runTasks = async (): Promise<void> => {
        await from.runTasks(replicaOf('a', from), { send });
        await replicaOf('b', from).follower.refresh();
        await mover.settle();
      };
      await mover.copy();
      await settled();
      if (isAsked) await mover.settle();
      const sequence = nextSequence();
      const links = [{ loser: 'other', winner: 'early' }];
      for (const shard of [from, to]) await store(shard, batchOf(shard, { links, sequence }));
      await pool.query(
        `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence, created_at)
       VALUES ($1, 'other', 'early', $2, $3, $4, now() - interval '2 hours')`,
        [project, from.shard, to.shard, sequence],
      );
      if (!isAsked) {
        await mover.copy();
        await mover.settle();
      }
      expect((await taskOf()) === null).toBe(!isAsked);
      // Resolved before the link.
      await store(from, batchOf(from, { events: visits('other', [12]), ...counted('other', 70) }));
      await runTasks();
      expect(await unfinishedMoves(pool, project)).toHaveLength(2);
      expect(await taskOf()).toBeNull();
      await mover.copy();
      await settled();
      await mover.settle();
      await runTasks();
      expect(await unfinishedMoves(pool, project)).toEqual([]);
      const rows = [...moved.rows, 'early 11', 'early 12'].sort();
      for (const zone of zones) {
        expect(await arrived(zone)).toMatchObject({ rows });
        expect(profileOf(zone)).toEqual({ name: 'Lea', n: 75 });
        expect(leftBehind(zone)).toBe(1);
      }
    },
  );

  it('brings the profile of somebody whose merge became known late, and part of files at once', async () => {
    await store(from, batchOf(from, counted('third', 10, 'm')));
    await prepare();
    const mover = new Mover(contextOf('a'), never);
    await mover.copy();
    await store(from, batchOf(from, counted('third', 20, 'm')));
    // He was merged before the user left, but the batch that says so was held up.
    const links = [{ loser: 'third', winner: 'late' }];
    await store(from, batchOf(from, { links, ...counted('third', 300, 'm') }));
    expect(await from.index(replicaOf('b', from), { send })).toBe('done');
    await replicaOf('a', from).follower.refresh();
    for (const zone of zones) await new Mover(contextOf(zone), never).settle();
    for (const zone of zones) expect(profileOf(zone)).toEqual({ name: 'Lea', m: 330 });
  });
});
