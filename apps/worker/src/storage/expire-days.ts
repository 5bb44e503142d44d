import type { ShardTask } from '@arbor/schema/shard-task';
import { writeFile } from './file-writer.ts';
import { rewriteSegments } from './rewrite-segments.ts';
import type { ShardUnit, StorageContext } from './storage-context.ts';
import {
  byDay,
  filesOfKind,
  nothingDone,
  segmentsOf,
  type StoredSegment,
  type TaskFiles,
} from './task-files.ts';

const nobody = { type: 'drop' as const, users: new Uint32Array(0), until: 0 };

/** Whole days leave at once; who had events on them alone has none any more. */
export async function expireDays(
  context: StorageContext,
  unit: ShardUnit,
  {
    task: { beforeDay },
    project,
  }: { readonly task: Extract<ShardTask, { type: 'expire' }>; readonly project: number },
  signal: AbortSignal,
): Promise<TaskFiles> {
  const segments = segmentsOf(unit, project);
  const expired = segments.filter(({ day }) => day < beforeDay);
  if (expired.length === 0) return nothingDone;
  let events = 0;
  for (const ofDay of byDay(expired)) {
    signal.throwIfAborted();
    events += await countDay(context, unit, { project, segments: ofDay });
  }
  const { add, remove } = await rewriteSegments(
    context,
    unit,
    { project, change: nobody, gone: expired },
    signal,
  );
  const users = filesOfKind(unit, project, 'users');
  const bytes = await context.rewriter.run({
    type: 'forget events',
    paths: users.paths,
    expired: expired.map((segment) => ownedPath(unit, segment)),
    left: segments.filter(({ day }) => day >= beforeDay).map((segment) => ownedPath(unit, segment)),
  });
  const { shard, current } = unit.follower;
  const file = {
    shard,
    project,
    kind: 'users' as const,
    day: null,
    generation: current.version + 1,
  };
  return {
    add: [...add, await writeFile(context.objects, file, { bytes })],
    remove: [...remove, ...users.keys],
    counts: { events, profiles: 0, properties: 0 },
    staying: [],
  };
}

/** Events that queries see. One segment has each event once; several are merged to tell. */
async function countDay(
  { rewriter }: StorageContext,
  { store, follower }: ShardUnit,
  { project, segments }: { project: number; segments: readonly StoredSegment[] },
): Promise<number> {
  const read = segments.map(({ file: { key } }) => {
    const [hiddenRows = new Uint32Array(0)] = store.mergedWith(project, [key]).hiddenRows;
    return { path: follower.pathOf(key), hiddenRows, hides: [], mustChange: false };
  });
  const [first, second] = segments;
  if (first === undefined) return 0;
  if (second === undefined) return first.file.rowCount - (read[0]?.hiddenRows.length ?? 0);
  const owner = { project, shard: follower.shard, day: first.day };
  const users = store.catalogUsers(project);
  return rewriter.run({ type: 'count day', owner, segments: read, users });
}

function ownedPath({ follower }: ShardUnit, { file, day }: StoredSegment) {
  const owner = { project: file.project, shard: follower.shard, day };
  return { owner, path: follower.pathOf(file.key) };
}
