import { sharedUint32 } from '../../base/shared-array.ts';
import type { OrdinalLink } from '../../format/users-file.ts';
import type { UserRedirects } from '../../query/scan/project-snapshot.ts';
import { chooseRepresentative, ranksOf } from './representative.ts';

/**
 * What the links of the catalog make of users, as typed arrays: there may be as many as users. Never
 * changes; the next version of the catalog gets its own.
 */
export class BaseLinks {
  readonly redirects: UserRedirects;
  /** What it was made of. */
  readonly #links: readonly OrdinalLink[];
  /** Ordinals that are in any group, ascending. */
  readonly #users: Uint32Array;
  /** By place in `#users`: the representative. */
  readonly #representatives: Uint32Array;
  /** By place in `#users`: see `UserRedirects.ranks`. */
  readonly #ranks: Uint32Array;
  /** By place in `#users`: 1 = it lost in some link. */
  readonly #hasLost: Uint8Array;
  /** Places in `#users`, group by group, and where the group of a representative begins in them. */
  readonly #grouped: Uint32Array;
  readonly #groupStarts: ReadonlyMap<number, number>;

  constructor(links: readonly OrdinalLink[], idOf: (ordinal: number) => string) {
    this.#links = links;
    this.#users = usersOf(links);
    this.#hasLost = new Uint8Array(this.#users.length);
    const roots = this.#unite(links);
    const { grouped, starts } = groupByRoot(roots);
    this.#grouped = grouped;
    this.#representatives = new Uint32Array(this.#users.length);
    this.#ranks = new Uint32Array(this.#users.length);
    const groupStarts = new Map<number, number>();
    for (let g = 0; g < starts.length - 1; g++) {
      const places = grouped.subarray(starts[g], starts[g + 1]);
      const members = Array.from(places, (place) => this.#users[place]);
      const lost = (ordinal: number): boolean => this.#hasLost[this.#placeOf(ordinal)] === 1;
      const representative = chooseRepresentative(members, lost, idOf);
      const ranks = ranksOf(members, representative, idOf);
      for (const place of places) {
        this.#representatives[place] = representative;
        this.#ranks[place] = ranks.get(this.#users[place]) ?? 0;
      }
      groupStarts.set(representative, starts[g]);
    }
    this.#groupStarts = groupStarts;
    this.redirects = this.#redirects();
  }

  /** Whether it was made of these links in this order. */
  isOf(links: readonly OrdinalLink[]): boolean {
    const own = this.#links;
    return (
      own.length === links.length &&
      links.every(({ loser, winner }, i) => own[i].loser === loser && own[i].winner === winner)
    );
  }

  representative(ordinal: number): number {
    const place = this.#placeOf(ordinal);
    return place < 0 ? ordinal : this.#representatives[place];
  }

  /** All ordinals that are counted as this user, itself included. */
  members(ordinal: number): number[] {
    const representative = this.representative(ordinal);
    const start = this.#groupStarts.get(representative);
    if (start === undefined) return [ordinal];
    const members: number[] = [];
    for (let i = start; i < this.#grouped.length; i++) {
      const place = this.#grouped[i];
      if (this.#representatives[place] !== representative) break;
      members.push(this.#users[place]);
    }
    return members;
  }

  hasLost(ordinal: number): boolean {
    const place = this.#placeOf(ordinal);
    return place >= 0 && this.#hasLost[place] === 1;
  }

  /** By place: the place that stands for its group. Also notes who lost. */
  #unite(links: readonly OrdinalLink[]): Uint32Array {
    const parents = Uint32Array.from(this.#users, (_, place) => place);
    for (const { loser, winner } of links) {
      if (!isMerge(loser, winner)) continue;
      const place = this.#placeOf(loser);
      this.#hasLost[place] = 1;
      const root = rootOf(parents, place);
      const other = rootOf(parents, this.#placeOf(winner));
      if (root !== other) parents[Math.max(root, other)] = Math.min(root, other);
    }
    for (let place = 0; place < parents.length; place++) parents[place] = rootOf(parents, place);
    return parents;
  }

  #redirects(): UserRedirects {
    let count = 0;
    this.#users.forEach((user, place) => (count += user === this.#representatives[place] ? 0 : 1));
    const losers = sharedUint32(count);
    const winners = sharedUint32(count);
    const ranks = sharedUint32(count);
    let at = 0;
    this.#users.forEach((user, place) => {
      if (user === this.#representatives[place]) return;
      losers[at] = user;
      ranks[at] = this.#ranks[place];
      winners[at++] = this.#representatives[place];
    });
    return { losers, winners, ranks };
  }

  /** Where the ordinal stands in `#users`; −1 = it is in no group. */
  #placeOf(ordinal: number): number {
    const users = this.#users;
    let low = 0;
    let high = users.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (users[middle] < ordinal) low = middle + 1;
      else high = middle;
    }
    return users[low] === ordinal ? low : -1;
  }
}

/** "" is nobody, and nobody is merged with himself. */
export function isMerge(loser: number, winner: number): boolean {
  return loser !== 0 && winner !== 0 && loser !== winner;
}

/** Every ordinal of the links once, ascending. */
function usersOf(links: readonly OrdinalLink[]): Uint32Array {
  const all = new Uint32Array(links.length * 2);
  let count = 0;
  for (const { loser, winner } of links) {
    if (!isMerge(loser, winner)) continue;
    all[count++] = loser;
    all[count++] = winner;
  }
  const sorted = all.subarray(0, count).sort();
  let distinct = 0;
  for (let i = 0; i < count; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[distinct++] = sorted[i];
  }
  return sorted.slice(0, distinct);
}

/** With the path halved on the way, so that chains stay short. */
function rootOf(parents: Uint32Array, place: number): number {
  let root = place;
  while (parents[root] !== root) {
    parents[root] = parents[parents[root]];
    root = parents[root];
  }
  return root;
}

/** A counting sort: the members of a group lie together, groups in the order of their roots. */
function groupByRoot(roots: Uint32Array): { grouped: Uint32Array; starts: number[] } {
  const ends = new Uint32Array(roots.length + 1);
  for (const root of roots) ends[root + 1]++;
  const starts: number[] = [];
  for (let root = 0; root < roots.length; root++) {
    if (ends[root + 1] > 0) starts.push(ends[root]);
    ends[root + 1] += ends[root];
  }
  starts.push(roots.length);
  const grouped = new Uint32Array(roots.length);
  for (let place = 0; place < roots.length; place++) grouped[ends[roots[place]]++] = place;
  return { grouped, starts };
}
