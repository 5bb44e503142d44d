import pg from 'pg';
import { afterEach, expect, inject, it } from 'vitest';
import { JobsLock } from './jobs-lock.ts';

const databaseUrl = inject('databaseUrl');
const locks: JobsLock[] = [];

function open(): JobsLock {
  const lock = new JobsLock(databaseUrl);
  locks.push(lock);
  return lock;
}

afterEach(async () => {
  await Promise.all(locks.splice(0).map((lock) => lock.close()));
});

async function works(lock: JobsLock): Promise<boolean> {
  let worked = false;
  await lock.alone(async () => void (worked = true));
  return worked;
}

it('lets one process work, round after round, and another one when it is gone', async () => {
  const [first, second] = [open(), open()];
  expect([await works(first), await works(second), await works(first)]).toEqual([
    true,
    false,
    true,
  ]);
  await first.close();
  await expect.poll(() => works(second)).toBe(true);
});

it('takes another connection when its own broke', async () => {
  const lock = open();
  expect(await works(lock)).toBe(true);
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 72707372`,
  );
  await admin.end();
  await expect.poll(() => works(lock).catch(() => false)).toBe(true);
});
