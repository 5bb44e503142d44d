import { addTask } from '@arbor/db/shard-tasks';
import { shardsOfProject } from '@arbor/engine/placement';
import {
  type ShardTask,
  shardTaskFailureSchema,
  shardTaskResultSchema,
} from '@arbor/schema/shard-task';
import type { Member } from '@arbor/schema/cluster';
import type pg from 'pg';
import { inTransaction } from '../identity/database.ts';
import { BusyUserError } from '../identity/user-places.ts';
import type { OpenRequest } from './data-requests.ts';
import { moveRequest } from './data-requests.ts';
import { type ErasureWork, progressOf } from './erasure-work.ts';
import { deleteContents } from './forget-contents.ts';
import { forgetInDefinitions } from './forget-definitions.ts';
import { forgetIdentities } from './forget-identities.ts';
import { forgetMessages } from './forget-messages.ts';
import type { JobsContext } from './jobs-context.ts';
import { jobsLimits } from './jobs-limits.ts';

/** Why an erasure is given up for now, in words that name nobody. */
export class ErasureError extends Error {
  override readonly name = 'ErasureError';
}

/**
 * Starts an erasure: from here on it cannot be cancelled. The users leave the identity map, so that who is sent under
 * one of their identifiers later is somebody new; what is kept for ever of them are digests.
 */
export async function beginErasure(context: JobsContext, request: OpenRequest): Promise<void> {
  const { pool, clock, publish, digestOf } = context;
  const { id, project, distinctIds } = request;
  const epoch = await inTransaction(pool, async (client) => {
    const until = clock() + jobsLimits.clockSkewMs;
    const { identifiers, removed, epoch } = await forgetIdentities(
      client,
      project,
      distinctIds ?? [],
    );
    await keepDigests(client, { project, identifiers, digestOf });
    const work: ErasureWork = {
      step: 'drain',
      stepAt: clock(),
      identifiers: [...identifiers],
      until,
      drainedAt: 0,
      isDrained: false,
      tasks: [],
      rounds: 0,
      contents: [],
      counts: { events: 0, profiles: 0, properties: 0, files: 0, aliases: removed },
    };
    if (await saveWork(client, id, work, ['STAGING'])) return epoch;
    throw new ErasureError('it was cancelled');
  }).catch((error: unknown) => {
    if (error instanceof ErasureError || error instanceof BusyUserError) return null;
    throw error;
  });
  if (epoch !== null) await publish({ version: 2, project, epoch });
}

/** What is kept for ever of who is erased, in the transaction that takes him out of the map (jobs/erase-restored.ts). */
async function keepDigests(
  client: pg.PoolClient,
  {
    project,
    identifiers,
    digestOf,
  }: Pick<JobsContext, 'digestOf'> & {
    readonly project: number;
    readonly identifiers: readonly string[];
  },
): Promise<void> {
  await client.query(
    `INSERT INTO erased_identifiers (project, digest)
     SELECT $1, unnest($2::bytea[]) ON CONFLICT (project, digest) DO UPDATE SET erased_at = now()`,
    [project, identifiers.map((identifier) => digestOf(project, identifier))],
  );
}

/** Keeps how far an erasure is; false = it is in none of these states any more. */
export function saveWork(
  database: Pick<pg.Pool, 'query'>,
  id: string,
  work: ErasureWork,
  from: readonly ('STAGING' | 'STARTED' | 'FAILURE')[] = ['STARTED', 'FAILURE'],
): Promise<boolean> {
  const result = { type: 'erasing' as const, progress: progressOf[work.step], work };
  return moveRequest(database, id, { from, to: 'STARTED', result });
}

/** Does the next step of an erasure, as far as it can be done now. Answers what is to be kept; null = it has to wait. */
export async function advanceErasure(
  context: JobsContext,
  { id, project }: OpenRequest,
  work: ErasureWork,
): Promise<ErasureWork | null> {
  const { clock } = context;
  const waitedMs = clock() - work.stepAt;
  const next = (step: ErasureWork['step'], change?: Partial<ErasureWork>): ErasureWork =>
    stepOf(context, work, step, change);
  switch (work.step) {
    case 'drain':
      return clock() <= work.until ? null : drain(context, work, waitedMs);
    case 'rewrite':
      return addTasks(context, { id, project }, work);
    case 'tasks': {
      const counts = await readTasks(context.pool, work);
      return counts === null ? null : next('replicas', { counts });
    }
    case 'replicas':
      return afterReplicas(context, project, work);
    case 'traces': {
      const { identifiers, until } = work;
      await forgetMessages(context, { project, identifiers, until });
      const { replacedContents } = await forgetInDefinitions(context.pool, project, identifiers);
      return next('files', { contents: [...work.contents, ...replacedContents] });
    }
    case 'files':
      if (await hasReplacedFiles(context.pool, project)) {
        if (waitedMs <= jobsLimits.stepMsMax) return null;
        throw new ErasureError('the object store has not deleted replaced files: is it away?');
      }
      await deleteContents(context.pool, work.contents);
      return next('disk', { identifiers: [], tasks: [], contents: [] });
    case 'disk':
      return work;
  }
}

function stepOf(
  { clock }: JobsContext,
  work: ErasureWork,
  step: ErasureWork['step'],
  change: Partial<ErasureWork> = {},
): ErasureWork {
  return { ...work, ...change, step, stepAt: clock() };
}

/** What does not drain in time holds up the rewrite of all else no longer: it is rewritten once more when it came. */
async function drain(
  context: JobsContext,
  work: ErasureWork,
  waitedMs: number,
): Promise<ErasureWork | null> {
  const isDrained = await context.isDrained(work.until);
  if (!isDrained && waitedMs < jobsLimits.drainMsMax) return null;
  return stepOf(context, work, 'rewrite', { isDrained, drainedAt: context.clock() });
}

/**
 * **Invariant:** the erasure ends after a rewrite that began when everything that was sent before `until` was stored: a
 * batch that is stuck in a queue would bring the users back.
 */
async function afterReplicas(
  context: JobsContext,
  project: number,
  work: ErasureWork,
): Promise<ErasureWork | null> {
  const waitedMs = context.clock() - work.stepAt;
  const missing = await behind(context, project, work);
  if (missing === null && work.isDrained) return stepOf(context, work, 'traces');
  if (missing === null && (await context.isDrained(work.until))) {
    return stepOf(context, work, 'rewrite', { isDrained: true, drainedAt: context.clock() });
  }
  const reason = missing?.reason ?? 'batches of before the erasure are still in the queues';
  const isRound = missing?.byLog === true && waitedMs > jobsLimits.replicaRoundMs;
  if (waitedMs > jobsLimits.stepMsMax || (isRound && work.rounds >= jobsLimits.replicaRoundsMax)) {
    throw new ErasureError(reason);
  }
  // What came after the rewrite keeps the row log: once more, all of it becomes files.
  return isRound ? stepOf(context, work, 'rewrite') : null;
}

/**
 * Asks every shard of the project for a rewrite, in one transaction with what the map learnt since of the users: batches
 * that were under way may have brought identifiers back.
 */
async function addTasks(
  { pool, shardCount, clock, publish, digestOf }: JobsContext,
  { id, project }: Pick<OpenRequest, 'id' | 'project'>,
  work: ErasureWork,
): Promise<ErasureWork | null> {
  try {
    const { done, epoch } = await inTransaction(pool, async (client) => {
      const forgotten = await forgetIdentities(client, project, work.identifiers);
      const identifiers = [...forgotten.identifiers];
      // Of those that were known before, the time at which they were erased stays: who came since is somebody new.
      const isKnown = new Set(work.identifiers);
      const linked = identifiers.filter((identifier) => !isKnown.has(identifier));
      await keepDigests(client, { project, identifiers: linked, digestOf });
      const task: ShardTask = {
        type: 'erase',
        users: identifiers,
        identifiers,
        until: work.until * 1000,
      };
      const tasks: string[] = [];
      for (const shard of await shardsOf(client, project, shardCount)) {
        tasks.push(await addTask(client, { shard, project, task }));
      }
      const rounds = work.rounds + 1;
      const saved = {
        ...work,
        identifiers,
        tasks,
        rounds,
        step: 'tasks' as const,
        stepAt: clock(),
      };
      await saveWork(client, id, saved);
      return { done: saved, epoch: forgotten.epoch };
    });
    await publish({ version: 2, project, epoch });
    return done;
  } catch (error) {
    // Rows on their way between shards: they are to arrive first.
    if (error instanceof BusyUserError) return null;
    throw error;
  }
}

/** The shards that the project lies on. */
export async function shardsOf(
  database: Pick<pg.Pool, 'query'>,
  project: number,
  shardCount: number,
): Promise<number[]> {
  const { rows } = await database.query<{ spread: number }>(
    'SELECT spread FROM projects WHERE id = $1',
    [project],
  );
  const [row] = rows;
  if (row === undefined) return [];
  return shardsOfProject({ project, spread: Math.min(row.spread, shardCount), shardCount });
}

type TaskRow = { state: string; result: unknown };

/** Adds up what the tasks did; null = they are not done. Throws where one was given up. */
async function readTasks(pool: pg.Pool, work: ErasureWork): Promise<ErasureWork['counts'] | null> {
  const rows = await taskRows(pool, work);
  if (rows.some(({ state }) => state === 'waiting')) return null;
  const failed = rows.find(({ state }) => state === 'failed');
  if (failed !== undefined) {
    throw new ErasureError(shardTaskFailureSchema.parse(failed.result).reason);
  }
  return addUp(work.counts, rows);
}

async function taskRows(pool: pg.Pool, { tasks }: ErasureWork): Promise<TaskRow[]> {
  const { rows } = await pool.query<TaskRow>(
    'SELECT state, result FROM shard_tasks WHERE id = ANY ($1::bigint[])',
    [tasks],
  );
  return rows;
}

function addUp(counts: ErasureWork['counts'], rows: readonly TaskRow[]): ErasureWork['counts'] {
  const sum = { ...counts };
  for (const { state, result } of rows) {
    if (state !== 'done') continue;
    const did = shardTaskResultSchema.parse(result);
    sum.events += did.events;
    sum.profiles += did.profiles;
    sum.properties += did.properties;
    sum.files += did.files;
  }
  return sum;
}

/** An erasure that failed goes on: at its step, with all of its time, or with new tasks where some were given up. */
export async function resumeErasure(
  { pool, clock }: JobsContext,
  work: ErasureWork,
): Promise<ErasureWork> {
  const stepAt = clock();
  if (work.step === 'replicas') return { ...work, step: 'rewrite', stepAt, rounds: 0 };
  if (work.step !== 'tasks') return { ...work, stepAt };
  const rows = await taskRows(pool, work);
  return { ...work, step: 'rewrite', stepAt, counts: addUp(work.counts, rows), tasks: [] };
}

interface Behind {
  readonly reason: string;
  /** It is the row log, which goes when all of it is in files. */
  readonly byLog: boolean;
}

/** What keeps the erased users on the disk of some replica; null = nothing. */
async function behind(
  { pool, members, zones, shardCount }: JobsContext,
  project: number,
  { tasks, drainedAt }: ErasureWork,
): Promise<Behind | null> {
  const { rows } = await pool.query<{ shard: number; version: number }>(
    `SELECT shard, (result->>'version')::int AS version FROM shard_tasks WHERE id = ANY ($1::bigint[])`,
    [tasks],
  );
  const versions = new Map(rows.map(({ shard, version }) => [shard, version]));
  const living = await members();
  for (const shard of await shardsOf(pool, project, shardCount)) {
    for (const zone of zones) {
      const version = versions.get(shard) ?? 0;
      const found = whatIsBehind(living, { shard, zone, version, drainedAt });
      if (found !== null) return found;
    }
  }
  return null;
}

function whatIsBehind(
  living: readonly Member[],
  at: { readonly shard: number; zone: string; version: number; drainedAt: number },
): Behind | null {
  const { shard, zone, version, drainedAt } = at;
  const because = (reason: string, byLog = false): Behind => ({ reason, byLog });
  const kept = living
    .filter((member) => member.zone === zone)
    .flatMap((member) => member.kept?.filter((one) => one.shard === shard) ?? []);
  if (kept.length === 0) return because(`no storage process of zone ${zone} has shard ${shard}`);
  if (kept.some((one) => one.version < version)) {
    return because(`zone ${zone} does not serve version ${version} of shard ${shard} yet`);
  }
  // A batch that began before stays until all of its file is covered.
  if (kept.some(({ logSince }) => logSince !== null && logSince < drainedAt)) {
    const reason = `the row log of shard ${shard} in zone ${zone} goes back to before the erasure`;
    return because(reason, true);
  }
  return null;
}

async function hasReplacedFiles(pool: pg.Pool, project: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    'SELECT FROM catalog_files WHERE project = $1 AND purge LIMIT 1',
    [project],
  );
  return (rowCount ?? 0) > 0;
}
