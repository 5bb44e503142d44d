import { commitCatalog, type CatalogHead } from '@arbor/db/catalog';
import { endTask, nextTask, type WaitingTask } from '@arbor/db/shard-tasks';
import { withShardLock } from '@arbor/db/shard-lock';
import type { UsersTask } from '@arbor/engine/rewrite/plan-users';
import { type ShardTask, type ShardTaskResult, shardTaskSchema } from '@arbor/schema/shard-task';
import { inTransaction } from '../identity/database.ts';
import { expireDays } from './expire-days.ts';
import { writeFile } from './file-writer.ts';
import { indexEverything } from './index-shard.ts';
import { rewriteSegments } from './rewrite-segments.ts';
import type { JobOutcome, ShardUnit, StorageContext } from './storage-context.ts';
import { filesOfKind, nothingDone, type TaskFiles } from './task-files.ts';

/**
 * Does the tasks that wait for a shard, in the order in which they were asked for. First everything in memory becomes
 * files, so that nothing a task is about lies in the row log alone; then the files are written anew and swapped in one
 * transaction, which also ends the task. Until it, nothing is changed: who dies before has left garbage.
 */
export async function runShardTasks(
  context: StorageContext,
  unit: ShardUnit,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { databaseUrl, pool } = context;
  const { shard } = unit.follower;
  const locked = await withShardLock({ databaseUrl, shard }, async (lost) => {
    const stopped = AbortSignal.any([signal, lost]);
    let outcome: JobOutcome = 'nothing';
    for (;;) {
      stopped.throwIfAborted();
      const waiting = await nextTask(pool, shard);
      if (waiting === undefined) return outcome;
      outcome = await runTask(context, unit, waiting, stopped);
      if (outcome !== 'done') return outcome;
    }
  });
  return locked?.result ?? 'busy';
}

async function runTask(
  context: StorageContext,
  unit: ShardUnit,
  waiting: WaitingTask,
  signal: AbortSignal,
): Promise<JobOutcome> {
  const { pool, clock, logger } = context;
  const started = clock();
  const read = shardTaskSchema.safeParse(waiting.task);
  if (!read.success) {
    const reason = `it is no task that this version knows: ${read.error.message}`;
    await endTask(pool, { id: waiting.id, state: 'failed', result: { reason } });
    return 'done';
  }
  const task = read.data;
  await unit.follower.refresh();
  if ((await indexEverything(context, unit, signal)) === 'conflict') return 'conflict';
  const { version, revision } = unit.follower.current;
  const { id, project } = waiting;
  const files = await filesOf(context, unit, { task, project }, signal);
  signal.throwIfAborted();
  const head = { version, revision };
  const result = await commit(context, unit, { id, task, project, files, head });
  await unit.follower.refresh();
  if (result === 'conflict') return 'conflict';
  // Never what it was about: that may be somebody who is erased.
  logger.info(
    { shard: unit.follower.shard, task: id, type: task.type, ...result, ms: clock() - started },
    'a task over the files of a shard is done',
  );
  return 'done';
}

async function commit(
  { pool }: StorageContext,
  { follower: { shard } }: ShardUnit,
  {
    id,
    task,
    project,
    files,
    head,
  }: OwnedTask<ShardTask> & {
    readonly id: string;
    readonly files: TaskFiles;
    readonly head: CatalogHead;
  },
): Promise<ShardTaskResult | 'conflict'> {
  const { add, remove, counts, staying } = files;
  // An erasure makes a version all the same: it ends the row logs of the shard, which others wait for.
  if (add.length + remove.length === 0 && task.type !== 'erase') {
    const result = { ...counts, files: 0, version: head.version };
    await inTransaction(pool, (client) => endTask(client, { id, state: 'done', result, staying }));
    return result;
  }
  const result = { ...counts, files: remove.length, version: head.version + 1 };
  const { outcome } = await commitCatalog(pool, {
    shard,
    expectedVersion: head.version,
    expectedRevision: head.revision,
    add,
    remove,
    // Who is erased is not kept for replicas that are slow either, nor for a copy of the store that is being made.
    ...(task.type === 'erase' ? { purgeProject: project } : {}),
    endTask: { id, state: 'done', result, staying },
  });
  return outcome === 'conflict' ? 'conflict' : result;
}

interface OwnedTask<Task extends ShardTask> {
  readonly task: Task;
  readonly project: number;
}

function filesOf(
  context: StorageContext,
  unit: ShardUnit,
  { task, project }: OwnedTask<ShardTask>,
  signal: AbortSignal,
): Promise<TaskFiles> {
  if (task.type === 'expire') return expireDays(context, unit, { task, project }, signal);
  return rewriteUsersFiles(context, unit, { task, project }, signal);
}

/** Segments, profiles and the dictionary without the users of the task, or with them divided. */
async function rewriteUsersFiles(
  context: StorageContext,
  unit: ShardUnit,
  { task, project }: OwnedTask<UsersTask>,
  signal: AbortSignal,
): Promise<TaskFiles> {
  const { rewriter, objects } = context;
  const users = filesOfKind(unit, project, 'users');
  const plan = await rewriter.run({ type: 'plan users', paths: users.paths, task });
  if (plan === null) return nothingDone;
  const { change, splits, staying } = plan;
  if (change.users.length === 0) return { ...nothingDone, staying };
  const { withRows, events, ...segments } = await rewriteSegments(
    context,
    unit,
    { project, change },
    signal,
  );
  const people = filesOfKind(unit, project, 'people');
  const made = await rewriter.run({ type: 'rewrite people', paths: people.paths, change, splits });
  const owner = { shard: unit.follower.shard, project, day: null };
  const generation = unit.follower.current.version + 1;
  const add = [...segments.add];
  const remove = [...segments.remove, ...users.keys];
  if (made.bytes !== null) {
    add.push(
      await writeFile(objects, { ...owner, kind: 'people', generation }, { bytes: made.bytes }),
    );
    remove.push(...people.keys);
  }
  const bytes = await rewriter.run({ type: 'rewrite users', paths: users.paths, task, withRows });
  add.push(await writeFile(objects, { ...owner, kind: 'users', generation }, { bytes }));
  const { profiles, properties } = made;
  return { add, remove, counts: { events, profiles, properties }, staying };
}
