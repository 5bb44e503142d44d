import { addTask } from '@arbor/db/shard-tasks';
import type { LinkOutcome } from '@arbor/engine/identity';
import type { Placement } from '@arbor/engine/identity/identity-store';
import { shardOfUser } from '@arbor/engine/placement';
import type { ShardTask } from '@arbor/schema/shard-task';
import type pg from 'pg';

/** What changes of the map ask of the shards that hold the users, written in the transaction that makes them. */

/** A project that lies on one shard, where nothing else is said. */
const onOneShard: Placement = { spread: 1, shardCount: 1 };

type InProject = { readonly project: number; readonly placement?: Placement };

const placed = ({ project, placement = onOneShard }: InProject) => ({ project, ...placement });

/** Users who were united across shards: the rows of each loser are to be brought to the winner's. */
export async function moveUnited(
  client: pg.PoolClient,
  request: InProject,
  outcomes: readonly LinkOutcome[],
): Promise<void> {
  for (const outcome of outcomes) {
    if (outcome.type !== 'united') continue;
    const { loser, winner } = outcome;
    const [from, to] = [shardOf(loser, request), shardOf(winner, request)];
    if (from !== to) await addMove(client, request.project, { loser, winner, from, to });
  }
}

/**
 * A user divided: what was sent under `identifiers` becomes the user `to`, in the shard where all of it lies. Where `to`
 * belongs on another shard, it is brought there afterwards: a move of a user to itself, which can only begin when the
 * task is done.
 */
export async function splitUser(
  client: pg.PoolClient,
  request: InProject,
  {
    from,
    to,
    identifiers,
  }: { readonly from: string; readonly to: string; readonly identifiers: readonly string[] },
): Promise<void> {
  const { project } = request;
  const [shard, own] = [shardOf(from, request), shardOf(to, request)];
  const task: ShardTask = { type: 'split', user: from, identifiers: [...identifiers], to };
  await addTask(client, { shard, project, task });
  if (shard !== own)
    await addMove(client, project, { loser: to, winner: to, from: shard, to: own });
}

const shardOf = (user: string, request: InProject): number => shardOfUser(user, placed(request));

async function addMove(
  client: pg.PoolClient,
  project: number,
  move: { loser: string; winner: string; from: number; to: number },
): Promise<void> {
  await client.query(
    'INSERT INTO user_moves (project, loser, winner, from_shard, to_shard) VALUES ($1, $2, $3, $4, $5)',
    [project, move.loser, move.winner, move.from, move.to],
  );
}

/** A change of the map that has to wait for work on the shards. The job is tried again until that is done. */
export class BusyUserError extends Error {
  override name = 'BusyUserError';
}

/**
 * Throws while one of the users is being divided: the task would tear apart what is joined now, because it can only see
 * who was one user when it is done, not why.
 */
export async function awaitSplits(
  client: pg.PoolClient,
  project: number,
  users: readonly string[],
): Promise<void> {
  if (users.length === 0) return;
  const { rowCount } = await client.query(
    `SELECT FROM shard_tasks WHERE state = 'waiting' AND project = $1 AND task->>'type' = 'split'
       AND (task->>'user' = ANY ($2::text[]) OR task->>'to' = ANY ($2::text[])) LIMIT 1`,
    [project, users],
  );
  if (rowCount === 0) return;
  throw new BusyUserError('a link has to wait until one of its users is divided');
}

/** Throws while rows of one of the users are on their way between shards. */
export async function awaitMoves(
  client: pg.PoolClient,
  project: number,
  users: readonly string[],
): Promise<void> {
  const { rowCount } = await client.query(
    `SELECT FROM user_moves WHERE project = $1 AND state <> 'done'
       AND (loser = ANY ($2::text[]) OR winner = ANY ($2::text[])) LIMIT 1`,
    [project, users],
  );
  if (rowCount === 0) return;
  throw new BusyUserError('a link can be taken back when its user is whole on one shard');
}
