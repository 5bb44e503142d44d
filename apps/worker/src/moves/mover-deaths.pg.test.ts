import { type UnfinishedMove, unfinishedMoves } from '@arbor/db/moves';
import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import { losingPool } from '../storage/testing/losing-pool.ts';
import { Mover } from './mover.ts';
import type { MoverContext } from './mover-context.ts';
import {
  arrived,
  contextOf,
  from,
  leftBehind,
  moved,
  never,
  pool,
  prepare,
  project,
  replicaOf,
  send,
  until,
  useShards,
  zones,
} from './testing/moving-shards.ts';

useShards(7_400);

describe('a mover that dies', () => {
  it('goes on in another process after one that died at any step', async () => {
    await prepare();
    for (let step = 0; ; step++) {
      let steps = 0;
      const die = (): void => {
        if (steps++ === step) throw new Error('the process died');
      };
      const dying: MoverContext['send'] = async (batches) => {
        die();
        await send(batches);
        die();
      };
      const zone = zones[step % 2] ?? 'a';
      const mover = new Mover(contextOf(zone, { send: dying }), never);
      const outcome = await mover.copy().then(
        () => 'done',
        () => 'died',
      );
      const [move] = await unfinishedMoves(pool, project);
      if (outcome === 'done' && move?.state === 'copied') break;
      // Who comes while the lock of one who died is not let go yet does nothing.
      if (outcome === 'done') step--;
      expect(move).toMatchObject({ state: 'pending' });
      // Another copy is made of other files: by then the rows in memory may be indexed.
      if (step === 3) await from.index(replicaOf('b', from), { send });
      if (step === 4) await replicaOf('a', from).follower.refresh();
      expect(step).toBeLessThan(50);
    }
    expect(await unfinishedMoves(pool, project)).toMatchObject([{ state: 'copied' }]);
    for (const zone of zones) expect(await arrived(zone)).toEqual(moved);
  });

  it('goes on after one that died at any statement of any step, with nothing missing or doubled', async () => {
    await prepare();
    const stateOf = async () => (await unfinishedMoves(pool, project))[0];
    const mover = (dying: pg.Pool, zone: string) =>
      new Mover(contextOf(zone, { pool: dying }), never);
    const steps: readonly {
      readonly run: (dying: pg.Pool, zone: string) => Promise<unknown>;
      readonly isDone: (move: UnfinishedMove | undefined) => boolean;
    }[] = [
      {
        run: (dying, zone) => mover(dying, zone).copy(),
        isDone: (move) => move?.state === 'copied',
      },
      {
        run: (dying, zone) => mover(dying, zone).settle(),
        isDone: (move) => typeof move?.task === 'string',
      },
      {
        run: async (dying, zone) => {
          await from.runTasks(replicaOf('a', from), { send, pool: dying });
          for (const each of zones) await replicaOf(each, from).follower.refresh();
          await mover(dying, zone).settle();
        },
        isDone: (move) => move === undefined,
      },
    ];
    let deaths = 0;
    for (const { run, isDone } of steps) {
      let good = 0;
      await until(async () => {
        const died = await run(losingPool(pool, good), zones[good % 2] ?? 'a').then(
          () => false,
          () => true,
        );
        // Who comes while the lock of one who died is not let go yet does nothing.
        if (died) good++;
        const move = await stateOf();
        for (const zone of zones) {
          const { rows, profiles } = await arrived(zone);
          expect(moved.rows).toEqual(expect.arrayContaining(rows));
          // Copied, he is all there.
          const isThere = rows.length === moved.rows.length && profiles.length === 1;
          expect(isThere || move?.state === 'pending').toBe(true);
          expect(new Set(rows).size).toBe(rows.length);
        }
        return !died && isDone(move);
      });
      deaths += good;
    }
    expect(deaths).toBeGreaterThan(15);
    expect(await unfinishedMoves(pool, project)).toEqual([]);
    await replicaOf('b', from).follower.refresh();
    for (const zone of zones) expect(leftBehind(zone)).toBe(1);
  });
});
