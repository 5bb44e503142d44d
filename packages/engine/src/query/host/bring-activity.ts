import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { cutDays } from './chunks.ts';
import { DayLoader } from './day-loader.ts';
import type { RunContext } from './query-run.ts';
import type { NeededActivity, NeededDay } from './snapshot-days.ts';
import { wordArray } from './span-array.ts';

export interface ActivityRequest {
  readonly job: number;
  readonly snapshot: ProjectSnapshot;
  readonly signal: AbortSignal;
}

/** What was decoded of the activity of a day: lists that run along `'active users'`; empty where nobody was there. */
export type ActivityList = (
  name: 'active users' | 'active firsts' | 'active lasts' | 'active counts',
) => Uint32Array;

/**
 * Brings the lists of who was active into memory, where they are kept like columns, as many days at a time as fit,
 * and hands them out day by day; they are right until `take` resolves.
 */
export async function bringActivity(
  context: RunContext,
  { job, snapshot, signal }: ActivityRequest,
  days: readonly NeededDay[],
  take: (day: NeededDay, list: ActivityList) => Promise<void> | void,
): Promise<void> {
  const lease = context.snapshots.lease();
  const loader = new DayLoader(context, { snapshot, lease, job, order: false });
  const listOf = (activity: NeededActivity): ActivityList => {
    return (name) => {
      const span = loader.activityPiece(activity, name);
      const slab = span && context.things.slab(span.slab);
      return span && slab ? wordArray(span, slab) : new Uint32Array(0);
    };
  };
  try {
    const chunks = cutDays(days, context.gate.bytesMax, (day) => loader.bytesOf(day));
    for (const chunk of chunks) {
      const leave = await context.gate.enter(chunk.bytes, signal);
      try {
        // What is being decoded is wanted by the next query as well: only then is looked whether this one is over.
        await loader.bring(chunk.days, () => undefined);
        for (const day of chunk.days) {
          if (day.activity !== null) await take(day, listOf(day.activity));
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
}
