import type { ProjectSnapshot, SnapshotDay } from '../scan/project-snapshot.ts';
import { namesEvent } from '../scan/row-mask.ts';
import type { ScanNeeds } from '../scan/scan-needs.ts';
import { cutDays } from './chunks.ts';
import { DayLoader } from './day-loader.ts';
import type { RunContext } from './query-run.ts';
import { neededDays } from './snapshot-days.ts';
import { wordArray } from './span-array.ts';

/** Whether anybody did anything on a day, of all days. */
const presence: ScanNeeds = {
  wants: [
    {
      event: null,
      startMs: -8.64e15,
      endMs: 8.64e15,
      properties: new Set(),
      edges: [],
      users: true,
      presence: 'users',
    },
  ],
  personProperties: new Set(),
  order: false,
};

/**
 * The days of the snapshot on which a user may have rows: those on which he was active, found in the lists of active
 * users that are decoded once and kept, and those with events of the protocol, which are no activity.
 */
export async function daysOfUser(
  context: RunContext,
  {
    job,
    snapshot,
    user,
    signal,
  }: {
    readonly job: number;
    readonly snapshot: ProjectSnapshot;
    readonly user: number;
    readonly signal: AbortSignal;
  },
): Promise<SnapshotDay[]> {
  const active = new Set<number>();
  const lease = context.snapshots.lease();
  const loader = new DayLoader(context, { snapshot, lease, job, order: false, required: [] });
  try {
    const days = neededDays(snapshot, presence);
    const chunks = cutDays(days, context.gate.bytesMax, (day) => loader.bytesOf(day));
    for (const chunk of chunks) {
      const leave = await context.gate.enter(chunk.bytes, signal);
      try {
        // What is being decoded is wanted by the next query as well: only then is looked whether this one is over.
        await loader.bring(chunk.days, () => undefined);
        for (const { day, activity } of chunk.days) {
          const span = activity && loader.activeUsers(activity);
          const slab = span && context.things.slab(span.slab);
          if (span && slab && holds(wordArray(span, slab), user)) active.add(day);
        }
      } finally {
        loader.release();
        leave();
      }
      signal.throwIfAborted();
    }
  } finally {
    lease.release();
  }
  return snapshot.days.filter((day) => active.has(day.day) || hasProtocolEvents(day));
}

function hasProtocolEvents({ parts }: SnapshotDay): boolean {
  return parts.some(({ events }) =>
    events.some(
      ({ name, rowCount }) => rowCount > 0 && !namesEvent({ event: null, filters: [] }, name),
    ),
  );
}

/** Whether an ascending list has the number. */
function holds(list: Uint32Array, wanted: number): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return list[low] === wanted;
}
