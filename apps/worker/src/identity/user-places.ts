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

/**
 * Users who were united across shards: the rows of each loser are to be brought to whom he is in the end. Throws
 * `BusyUserError` where somebody would come back to a shard which he left a moment ago, and from which he is not taken out yet:
 * there it could not be told what has come back and what has never left.
 */
export async function moveUnited(
  client: pg.PoolClient,
  request: InProject & { readonly sequence?: number },
  {
    outcomes,
    canonicalOf,
  }: {
    readonly outcomes: readonly LinkOutcome[];
    /** After all links, which are written to the map already. */
    readonly canonicalOf: (user: string) => string;
  },
): Promise<void> {
  const moves = new Map<string, Move>();
  for (const outcome of outcomes) {
    if (outcome.type !== 'united') continue;
    const { loser } = outcome;
    const winner = canonicalOf(loser);
    const [from, to] = [shardOf(loser, request), shardOf(winner, request)];
    if (from !== to) moves.set(loser, { loser, winner, from, to });
  }
  const winners = [...new Set(Array.from(moves.values(), ({ winner }) => winner))];
  await awaitTakenOut(client, request, winners);
  const { project, sequence = null } = request;
  for (const move of moves.values()) await addMove(client, { ...move, project, sequence });
}

async function awaitTakenOut(
  client: pg.PoolClient,
  request: InProject,
  users: readonly string[],
): Promise<void> {
  if (users.length === 0) return;
  const { rows } = await client.query<{ user: string; from: number }>(
    `SELECT canonical AS user, from_shard AS from FROM user_moves
     JOIN identifiers ON identifiers.project = user_moves.project AND identifier = loser
     WHERE user_moves.project = $1 AND state <> 'done' AND canonical = ANY ($2::text[])`,
    [request.project, users],
  );
  if (!rows.some(({ user, from }) => shardOf(user, request) === from)) return;
  throw new BusyUserError(
    'a link has to wait until its user is taken out of a shard he comes back to',
  );
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
    staying,
    among,
  }: {
    readonly from: string;
    readonly to: string;
    readonly identifiers: readonly string[];
    /** Everybody who is `from`. */
    readonly staying: readonly string[];
    /** Everybody who was one user with them. */
    readonly among: readonly string[];
  },
): Promise<void> {
  const { project } = request;
  const [shard, own] = [shardOf(from, request), shardOf(to, request)];
  const known = new Set([...identifiers, ...staying]);
  const others = among.filter((name) => !known.has(name));
  const parts = { identifiers: [...identifiers], staying: [...staying], among: others };
  const task: ShardTask = { type: 'split', user: from, to, ...parts };
  await addTask(client, { shard, project, task });
  if (shard !== own)
    await addMove(client, { project, loser: to, winner: to, from: shard, to: own, sequence: null });
}

const shardOf = (user: string, request: InProject): number => shardOfUser(user, placed(request));

interface Move {
  readonly loser: string;
  readonly winner: string;
  readonly from: number;
  readonly to: number;
}

async function addMove(
  client: pg.PoolClient,
  move: Move & { readonly project: number; readonly sequence: number | null },
): Promise<void> {
  await client.query(
    `INSERT INTO user_moves (project, loser, winner, from_shard, to_shard, sequence)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [move.project, move.loser, move.winner, move.from, move.to, move.sequence],
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
