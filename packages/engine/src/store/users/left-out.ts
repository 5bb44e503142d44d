import { sharedUint32 } from '../../base/shared-array.ts';
import type { PropertyColumn } from '../../query/exec/shard-view.ts';
import {
  goneUser,
  type ProjectSnapshot,
  type UserRedirects,
} from '../../query/scan/project-snapshot.ts';

/** Sets of users that are left out at the same time: queries of a moment ago and of now. */
const keptMax = 4;

/**
 * Snapshots without some users, whose rows and profiles lie in another shard as well (docs/decisions/0002). They are merged
 * into nobody: everything that holds of users who were merged away holds of them, so that columns that were decoded
 * stay right as long as none of them has a row there.
 */
export class LeftOutSnapshots {
  readonly #redirects = new WeakMap<UserRedirects, Map<string, UserRedirects>>();
  readonly #columns = new WeakMap<Uint32Array, Map<string, PropertyColumn>>();

  /** `ordinals` ascend, each once: everybody who counts as one of the users, himself included. */
  without(snapshot: ProjectSnapshot, ordinals: Uint32Array): ProjectSnapshot {
    if (ordinals.length === 0) return snapshot;
    const key = ordinals.join();
    return {
      ...snapshot,
      redirects: kept(this.#redirects, snapshot.redirects, key, () =>
        withGone(snapshot.redirects, ordinals),
      ),
      personProperty: (name) => {
        const column = snapshot.personProperty(name);
        if (column === undefined || !hasAny(column.codes, ordinals)) return column;
        return kept(this.#columns, column.codes, key, () => withoutCodes(column, ordinals));
      },
    };
  }
}

/** What was made for an object and a key; the oldest of many keys is forgotten. */
function kept<Of extends object, Made>(
  all: WeakMap<Of, Map<string, Made>>,
  of: Of,
  key: string,
  make: () => Made,
): Made {
  let own = all.get(of);
  if (own === undefined) all.set(of, (own = new Map()));
  let made = own.get(key);
  if (made !== undefined) return made;
  made = make();
  own.set(key, made);
  const [oldest] = own.keys();
  if (own.size > keptMax && oldest !== undefined) own.delete(oldest);
  return made;
}

/** Both lists in one, ascending; who is gone is nobody's any more. */
function withGone({ losers, winners, ranks }: UserRedirects, gone: Uint32Array): UserRedirects {
  const goes = new Set(gone);
  const others = Array.from(losers.keys()).filter((i) => !goes.has(losers[i]));
  const all = [
    ...others.map((i) => ({ loser: losers[i], winner: winners[i], rank: ranks[i] })),
    ...Array.from(gone, (loser) => ({ loser, winner: goneUser, rank: 0 })),
  ].sort((one, other) => one.loser - other.loser);
  const column = (valueOf: (redirect: (typeof all)[number]) => number): Uint32Array => {
    const values = sharedUint32(all.length);
    for (const [i, redirect] of all.entries()) values[i] = valueOf(redirect);
    return values;
  };
  return {
    losers: column(({ loser }) => loser),
    winners: column(({ winner }) => winner),
    ranks: column(({ rank }) => rank),
  };
}

function hasAny(codes: Uint32Array, ordinals: Uint32Array): boolean {
  return ordinals.some((ordinal) => ordinal < codes.length && codes[ordinal] !== 0);
}

function withoutCodes({ codes, values }: PropertyColumn, ordinals: Uint32Array): PropertyColumn {
  const left = sharedUint32(codes.length);
  left.set(codes);
  for (const ordinal of ordinals) if (ordinal < left.length) left[ordinal] = 0;
  return { codes: left, values };
}
