import pg from 'pg';
import { beforeEach, expect, inject, it } from 'vitest';
import { withShardLock } from './shard-lock.ts';

const databaseUrl = inject('databaseUrl');
// Far from the shards of other tests: the run shares one database.
let shard = 600_000;
beforeEach(() => {
  shard++;
});

/** A holder that keeps the lock until it is told to go. */
async function hold() {
  let leave: (answer: string) => void = () => undefined;
  const left = new Promise<string>((resolve) => {
    leave = resolve;
  });
  let done: Promise<{ readonly result: string } | undefined> = Promise.resolve(undefined);
  const signal = await new Promise<AbortSignal>((resolve) => {
    done = withShardLock({ databaseUrl, shard }, (given) => {
      resolve(given);
      return left;
    });
  });
  return { signal, leave, done };
}

it('lets one holder in, and the next when it is done', async () => {
  const holder = await hold();
  expect(await withShardLock({ databaseUrl, shard }, () => Promise.resolve(1))).toBeUndefined();
  holder.leave('first');
  expect(await holder.done).toEqual({ result: 'first' });
  expect(await withShardLock({ databaseUrl, shard }, () => Promise.resolve(2))).toEqual({
    result: 2,
  });
});

it('keeps shards apart', async () => {
  const holder = await hold();
  expect(
    await withShardLock({ databaseUrl, shard: shard + 1000 }, () => Promise.resolve(1)),
  ).toEqual({
    result: 1,
  });
  holder.leave('');
  await holder.done;
});

it('waits as long as it is asked to', async () => {
  const holder = await hold();
  expect(
    await withShardLock({ databaseUrl, shard, waitMs: 30 }, () => Promise.resolve(1)),
  ).toBeUndefined();
  const waiting = withShardLock({ databaseUrl, shard, waitMs: 20_000 }, () => Promise.resolve(2));
  holder.leave('');
  expect(await waiting).toEqual({ result: 2 });
});

it('gives the lock back when the work fails', async () => {
  const failing = withShardLock({ databaseUrl, shard }, () => Promise.reject(new Error('no disk')));
  await expect(failing).rejects.toThrow('no disk');
  expect(await withShardLock({ databaseUrl, shard }, () => Promise.resolve(1))).toEqual({
    result: 1,
  });
});

it('tells the work that its lock is lost with the connection', async () => {
  const holder = await hold();
  const aborted = new Promise((resolve) => holder.signal.addEventListener('abort', resolve));
  const admin = new pg.Client(databaseUrl);
  await admin.connect();
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1`,
    [shard],
  );
  await admin.end();
  await aborted;
  expect(await withShardLock({ databaseUrl, shard }, () => Promise.resolve(1))).toEqual({
    result: 1,
  });
  holder.leave('too late');
  expect(await holder.done).toEqual({ result: 'too late' });
});
