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

/** Machines are slow at times: a process that takes a second to connect has done nothing wrong. */
const patiently = { timeout: 30_000 };

it('lets one process work, round after round, and another one when it is gone', async () => {
  const [first, second] = [open(), open()];
  expect([await works(first), await works(second), await works(first)]).toEqual([
    true,
    false,
    true,
  ]);
  await first.close();
  await expect.poll(() => works(second), patiently).toBe(true);
});

it('takes another connection when its own broke', async () => {
  const lock = open();
  expect(await works(lock)).toBe(true);
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  try {
    const holders = async (): Promise<number[]> => {
      const { rows } = await admin.query<{ pid: number }>(
        `SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
         WHERE datname = current_database() AND locktype = 'advisory' AND objid = 72707372 AND granted`,
      );
      return rows.map(({ pid }) => pid);
    };
    const [broken] = await holders();
    await admin.query('SELECT pg_terminate_backend($1)', [broken]);
    const another = async (): Promise<boolean> => {
      await works(lock).catch(() => false);
      return (await holders()).some((pid) => pid !== broken);
    };
    await expect.poll(another, patiently).toBe(true);
  } finally {
    await admin.end();
  }
});
