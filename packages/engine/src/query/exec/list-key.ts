import type { EventKey } from '../plan/plan-types.ts';
import type { ShardView } from './shard-view.ts';

/** Rows of a user and an instant lie together, in the order of arrival: those of the event before this one count. */
export function eventKey(view: ShardView, row: number): EventKey {
  const { times, users, userIds, events, eventNames } = view;
  let rank = 0;
  for (let before = row - 1; before >= 0; before--) {
    if (times[before] !== times[row] || users[before] !== users[row]) break;
    if (events[before] === events[row]) rank++;
  }
  return { user: userIds[users[row]], timeMs: times[row], event: eventNames[events[row]], rank };
}
