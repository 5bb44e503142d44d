import type { ShardStore } from '../src/store/shard-store.ts';
import { profileOf, rowTexts } from './batches.ts';
import { viewOf } from './model/snapshot-view.ts';

export interface StoreDescription {
  /** Rows, those of a user together. */
  readonly byUser: readonly string[];
  readonly profiles: readonly unknown[];
  readonly names: {
    readonly events: readonly unknown[];
    readonly properties: readonly { readonly scope: string }[];
    readonly persons: number;
    readonly userCount: number;
  };
}

/** Everything a reader can see, in a form that does not depend on ordinals and codes. */
export async function describeStore(store: ShardStore): Promise<StoreDescription> {
  const view = viewOf(store);
  const names = ['p', 'q', 'r', '$last_seen'];
  const rows = rowTexts(view, 'p', 'q', 'r', '$distinct_id', '$event_name');
  // Users stand in any order; within one the rows have theirs, which a stable sort keeps. Where three users became one
  // in two steps, a compaction between them has put the first two together (SegmentRows.tieRanks).
  const mayBeMergedTwice = store.snapshot(1).redirects.losers.length > 1;
  const keyOf = (text: string) => (mayBeMergedTwice ? text : text.slice(0, text.indexOf(' ')));
  const byUser = rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  const users = view.userIds.filter((id) => id !== '').sort();
  const { events, properties, persons, users: userCount } = await store.names(1);
  const sorted = properties.map((property) => ({ ...property, types: [...property.types].sort() }));
  return {
    byUser,
    profiles: users.map((id) => [id, profileOf(view, id, names)]),
    names: { events, properties: sorted, persons, userCount },
  };
}
