import { addTask, endTask } from '@arbor/db/shard-tasks';
import { createLogger } from '@arbor/runtime/logger';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { giveUpDamagedLogs, type LoggedUnit } from './damaged-logs.ts';

const project = 890_077;
// Far from the shards of other tests.
const [awaited, other] = [751_001, 751_002];

let pool: pg.Pool;
beforeAll(async () => {
  pool = new pg.Pool({ connectionString: inject('databaseUrl') });
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO organizations (name) VALUES ('Damaged') RETURNING id`,
  );
  await pool.query(
    `INSERT INTO projects (id, organization_id, name, token, timezone)
     VALUES ($1, $2, 'Damaged', 'damaged-token', 'UTC')`,
    [project, rows[0]?.id],
  );
});
afterAll(async () => {
  await pool.query('DELETE FROM data_requests WHERE project_id = $1', [project]);
  await pool.query('DELETE FROM shard_tasks WHERE project = $1', [project]);
  await pool.query('DELETE FROM projects WHERE id = $1', [project]);
  await pool.query(`DELETE FROM organizations WHERE name = 'Damaged'`);
  await pool.end();
});

/** A shard with a damaged file, as long as nobody gives it up. */
function damagedUnit(shard: number): LoggedUnit {
  let files: number[] = [3];
  const store = {
    get damagedLogFiles() {
      return files;
    },
    giveUpDamagedLog: async () => void (files = []),
  };
  return { store, follower: { shard } };
}

const erasure = (step: string, tasks: readonly string[]) =>
  pool.query(
    `INSERT INTO data_requests (id, project_id, kind, compliance_type, distinct_id_count, requested_by, status, result)
     VALUES ('damaged-logs', $1, 'erasure', 'GDPR', 1, 'admin', 'STARTED', $2::jsonb)
     ON CONFLICT (id) DO UPDATE SET result = $2::jsonb`,
    [project, JSON.stringify({ type: 'erasing', progress: '', work: { step, tasks } })],
  );

it('deletes damaged files where an erasure waits for the row log, says so loudly, and keeps all others', async () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const said = vi.spyOn(logger, 'error');
  const units = [damagedUnit(awaited), damagedUnit(other)];
  const left = () => units.map(({ store }) => store.damagedLogFiles.length);
  const task = { type: 'erase', users: [], identifiers: [], until: 1 };
  const id = await addTask(pool, { shard: awaited, project, task });
  await erasure('tasks', [id]);
  expect(await giveUpDamagedLogs({ pool, logger }, units)).toBe('nothing');
  await erasure('replicas', [id]);
  expect(await giveUpDamagedLogs({ pool, logger }, units)).toBe('nothing');
  expect(left()).toEqual([1, 1]);
  // Its files are written anew now: what is left of whom it is about can only be in the row log.
  await endTask(pool, { id, state: 'done', result: {} });
  expect(await giveUpDamagedLogs({ pool, logger }, units)).toBe('done');
  expect(left()).toEqual([0, 1]);
  expect(said).toHaveBeenCalledTimes(1);
  expect(said).toHaveBeenCalledWith(
    { shard: awaited, files: [3], event: 'damaged_log_given_up' },
    expect.stringContaining(`damaged files of the row log of shard ${awaited} are deleted`),
  );
});
