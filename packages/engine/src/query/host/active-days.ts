import type { SnapshotDay } from '../scan/project-snapshot.ts';
import { namesEvent } from '../scan/row-mask.ts';
import type { ScanNeeds } from '../scan/scan-needs.ts';
import { placeOf } from '../users/user-totals.ts';
import { type ActivityRequest, bringActivity } from './bring-activity.ts';
import type { RunContext } from './query-run.ts';
import { neededDays } from './snapshot-days.ts';

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
      filters: [],
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
  { user, ...request }: ActivityRequest & { readonly user: number },
): Promise<SnapshotDay[]> {
  const { snapshot } = request;
  const active = new Set<number>();
  await bringActivity(context, request, neededDays(snapshot, presence), ({ day }, list) => {
    if (placeOf(list('active users'), user) >= 0) active.add(day);
  });
  return snapshot.days.filter((day) => active.has(day.day) || hasProtocolEvents(day));
}

function hasProtocolEvents({ parts }: SnapshotDay): boolean {
  return parts.some(({ events }) =>
    events.some(
      ({ name, rowCount }) => rowCount > 0 && !namesEvent({ event: null, filters: [] }, name),
    ),
  );
}
