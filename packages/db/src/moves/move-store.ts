import type pg from 'pg';

/** A pool or a connection of it. */
type Queryable = Pick<pg.Pool, 'query'>;

/** A user on his way from one shard to another (docs/decisions/0002). */
export interface UnfinishedMove {
  readonly id: number;
  readonly project: number;
  readonly loser: string;
  readonly winner: string;
  readonly fromShard: number;
  readonly toShard: number;
  /** Of the batch whose link it was; null = of a user who was divided. */
  readonly sequence: number | null;
  readonly state: 'pending' | 'copied';
  /** The task that takes the rows out of `fromShard`; null = not yet asked for. */
  readonly task: string | null;
  /** Ms UTC. */
  readonly createdAt: number;
  readonly copiedAt: number | null;
}

/** Projects that have any, and the greatest of each: small, as few moves are unfinished. */
export async function greatestUnfinished(database: Queryable): Promise<Map<number, number>> {
  const { rows } = await database.query<{ project: number; id: number }>(
    `SELECT project, max(id)::float8 AS id FROM user_moves WHERE state <> 'done' GROUP BY project`,
  );
  return new Map(rows.map(({ project, id }) => [project, id]));
}

/** In the order in which they came to be. */
export async function unfinishedMoves(
  database: Queryable,
  project: number,
): Promise<UnfinishedMove[]> {
  const { rows } = await database.query<UnfinishedMove>(
    `SELECT id::float8 AS id, project, loser, winner, from_shard AS "fromShard", to_shard AS "toShard",
       sequence::float8 AS sequence, state, task::text AS task,
       extract(epoch FROM created_at)::float8 * 1000 AS "createdAt",
       extract(epoch FROM copied_at)::float8 * 1000 AS "copiedAt"
     FROM user_moves WHERE project = $1 AND state <> 'done' ORDER BY user_moves.id`,
    [project],
  );
  return rows;
}

/** Every event of these is in both shards: from now on queries leave them out of the one that they left. */
export async function setCopied(database: Queryable, ids: readonly number[]): Promise<void> {
  await database.query(
    `UPDATE user_moves SET state = 'copied', copied_at = now()
     WHERE id = ANY ($1::bigint[]) AND state = 'pending'`,
    [ids],
  );
}

/** The task takes the rows of these out. Answers which of them had none yet; give the connection that adds the task. */
export async function setTask(
  database: Queryable,
  ids: readonly number[],
  task: string,
): Promise<number> {
  const { rowCount } = await database.query(
    `UPDATE user_moves SET task = $2::bigint
     WHERE id = ANY ($1::bigint[]) AND state = 'copied' AND task IS NULL`,
    [ids, task],
  );
  return rowCount ?? 0;
}

/**
 * Nothing of these is left in the shard that they left, in any replica that serves: the task took it out. Whom it left there
 * (`staying` of shard-task-store.ts) has another task since, or none, and stays as he is.
 */
export async function setDone(
  database: Queryable,
  ids: readonly number[],
  task: string,
): Promise<void> {
  await database.query(
    `UPDATE user_moves SET state = 'done', done_at = now(), people = NULL
     WHERE id = ANY ($1::bigint[]) AND state = 'copied' AND task = $2::bigint`,
    [ids, task],
  );
}

/** What was kept of the people of these moves, by id. */
export async function readPeople(
  database: Queryable,
  ids: readonly number[],
): Promise<Map<number, Buffer>> {
  const { rows } = await database.query<{ id: number; people: Buffer }>(
    `SELECT id::float8 AS id, people FROM user_moves WHERE id = ANY ($1::bigint[]) AND people IS NOT NULL`,
    [ids],
  );
  return new Map(rows.map(({ id, people }) => [id, people]));
}

/** What was kept of the people of other moves out of the shard, those of some users, while they are under way. */
export async function readOthersPeople(
  database: Queryable,
  { id, project, fromShard }: Pick<UnfinishedMove, 'id' | 'project' | 'fromShard'>,
  losers: readonly string[],
): Promise<Buffer[]> {
  const { rows } = await database.query<{ people: Buffer }>(
    `SELECT people FROM user_moves WHERE project = $1 AND state <> 'done' AND from_shard = $2
       AND id <> $3 AND loser = ANY ($4::text[]) AND people IS NOT NULL`,
    [project, fromShard, id, losers],
  );
  return rows.map(({ people }) => people);
}

/**
 * Keeps something else than before (null = nothing); false = it was not what is there any more, or the move is done, of
 * which nothing is kept.
 */
export async function keepPeople(
  database: Queryable,
  id: number,
  { before, after }: { readonly before: Uint8Array | null; readonly after: Uint8Array },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE user_moves SET people = $2
     WHERE id = $1 AND state <> 'done' AND people IS NOT DISTINCT FROM $3::bytea`,
    [id, after, before],
  );
  return (rowCount ?? 0) > 0;
}

/** Projects with users who leave the shard and whose people were read there. */
export async function projectsLeaving(database: Queryable, shard: number): Promise<number[]> {
  const { rows } = await database.query<{ project: number }>(
    `SELECT DISTINCT project FROM user_moves
     WHERE state <> 'done' AND from_shard = $1 AND people IS NOT NULL`,
    [shard],
  );
  return rows.map(({ project }) => project);
}

/** Users on their way to the shard. */
export interface ArrivingUsers {
  /** Number of the last of these moves. */
  readonly last: number;
  /** Some were not copied yet. */
  readonly arePending: boolean;
}

export async function arrivingUsers(database: Queryable, shard: number): Promise<ArrivingUsers> {
  const { rows } = await database.query<ArrivingUsers>(
    `SELECT coalesce(max(id), 0)::float8 AS last, coalesce(bool_or(state = 'pending'), FALSE) AS "arePending"
     FROM user_moves WHERE state <> 'done' AND to_shard = $1`,
    [shard],
  );
  return rows[0] ?? { last: 0, arePending: false };
}

export interface EndedTakeOut {
  readonly task: string;
  readonly state: 'done' | 'failed';
  /** The version of the catalog from which on the rows are gone; null of one that failed. */
  readonly version: number | null;
}

/** Those of the tasks that have ended. */
export async function endedTakeOuts(
  database: Queryable,
  tasks: readonly string[],
): Promise<EndedTakeOut[]> {
  const { rows } = await database.query<EndedTakeOut>(
    `SELECT id::text AS task, state, (result->>'version')::float8 AS version FROM shard_tasks
     WHERE id = ANY ($1::bigint[]) AND state <> 'waiting'`,
    [tasks],
  );
  return rows;
}

/** Those of the users whom a task is about to divide off: nothing of theirs is under their id before it is done. */
export async function usersToDivide(
  database: Queryable,
  project: number,
  users: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await database.query<{ to: string }>(
    `SELECT task->>'to' AS "to" FROM shard_tasks
     WHERE state = 'waiting' AND project = $1 AND task->>'type' = 'split' AND task->>'to' = ANY ($2::text[])`,
    [project, users],
  );
  return new Set(rows.map(({ to }) => to));
}
