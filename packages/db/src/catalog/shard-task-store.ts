import type pg from 'pg';

/** A pool or a connection of it. */
type Queryable = Pick<pg.Pool, 'query'>;

/** Work on the files of a shard that nobody has done yet. */
export interface WaitingTask {
  readonly id: string;
  readonly shard: number;
  readonly project: number;
  /** As it was written: `@arbor/schema/shard-task` reads it. */
  readonly task: unknown;
}

/** How a task ended. What it was about is forgotten in the same moment: it may name people who are erased. */
export interface EndedTask {
  readonly id: string;
  readonly state: 'done' | 'failed';
  /** Of one that is done its result, else the reason. */
  readonly result: unknown;
  /** Users whom it should have taken out of the shard and left there: their moves ask for it anew. */
  readonly staying?: readonly string[];
}

/** Shards that have tasks to be done: one small query for all, asked each second. */
export async function shardsWithTasks(database: Queryable): Promise<ReadonlySet<number>> {
  const { rows } = await database.query<{ shard: number }>(
    "SELECT DISTINCT shard FROM shard_tasks WHERE state = 'waiting'",
  );
  return new Set(rows.map(({ shard }) => shard));
}

/** The task of the shard that is to be done next; they are done in the order in which they were asked for. */
export async function nextTask(
  database: Queryable,
  shard: number,
): Promise<WaitingTask | undefined> {
  const { rows } = await database.query<WaitingTask>(
    `SELECT id::text AS id, shard, project, task FROM shard_tasks
     WHERE state = 'waiting' AND shard = $1 ORDER BY shard_tasks.id LIMIT 1`,
    [shard],
  );
  return rows[0];
}

/** Asks for work; answers the id of the task. Give the connection of a transaction to do it together with more. */
export async function addTask(
  database: Queryable,
  { shard, project, task }: Omit<WaitingTask, 'id'>,
): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    'INSERT INTO shard_tasks (shard, project, task) VALUES ($1, $2, $3::jsonb) RETURNING id::text AS id',
    [shard, project, JSON.stringify(task)],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no task came to be for shard ${shard}`);
  return row.id;
}

/** False = it has ended before, and nothing was changed. Give the connection of a transaction where `staying` is not empty. */
export async function endTask(
  database: Queryable,
  { id, state, result, staying = [] }: EndedTask,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE shard_tasks SET state = $2, result = $3::jsonb, task = NULL, ended_at = now()
     WHERE id = $1::bigint AND state = 'waiting'`,
    [id, state, JSON.stringify(result)],
  );
  if (rowCount !== 1) return false;
  if (staying.length > 0) {
    await database.query(
      'UPDATE user_moves SET task = NULL WHERE task = $1::bigint AND loser = ANY ($2::text[])',
      [id, staying],
    );
  }
  return true;
}
