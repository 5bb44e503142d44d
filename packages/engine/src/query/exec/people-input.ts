import type { InsightsInput } from './insights-input.ts';
import { profileProperty } from './shard-view.ts';
import type { ShardView } from './shard-view.ts';

/** The users of a view as rows, in the order of their ordinals: row u is user u, and row 0 is nobody. */
export function peopleInput({ context, view }: InsightsInput): {
  readonly input: InsightsInput;
  /** 1 where the user has a profile. */
  readonly mask: Uint8Array;
} {
  const stored = view.personProperty(profileProperty);
  const mask = new Uint8Array(view.userCount + 1);
  for (let user = 1; stored && user < mask.length; user++)
    mask[user] = Number(stored.codes[user] !== 0);
  const people = peopleView(view);
  const buckets = new Int32Array(people.rowCount);
  return {
    input: { context, view: people, frame: context.users, buckets, bucketCount: 1 },
    mask,
  };
}

/** Profiles have no time and no event. */
function peopleView(view: ShardView): ShardView {
  const rowCount = view.userCount + 1;
  return {
    rowCount,
    times: new Float64Array(rowCount),
    users: Uint32Array.from({ length: rowCount }, (_, user) => user),
    events: new Uint32Array(rowCount),
    eventNames: [''],
    userCount: view.userCount,
    get userIds() {
      return view.userIds;
    },
    eventProperty: () => undefined,
    personProperty: (name) => view.personProperty(name),
  };
}
