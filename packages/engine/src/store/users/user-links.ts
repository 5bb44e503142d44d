import { sharedUint32 } from '../../base/shared-array.ts';
import type { UserRedirects } from '../../query/scan/project-snapshot.ts';
import { BaseLinks, isMerge } from './base-links.ts';
import { chooseRepresentative, ranksOf } from './representative.ts';

/** `loser`'s data belongs to `winner`; `batch` is the earliest batch that said so, `place` where among its links. */
export interface UserLink {
  readonly loser: number;
  readonly winner: number;
  readonly batch: number;
  readonly place: number;
}

/**
 * Merges of users, by ordinal: those of the catalog, and the ones that came since. What they mean is a
 * function of the set of links alone, never of the order in which they came: users that are linked
 * in any way are one group, represented as `chooseRepresentative` says.
 */
export class UserLinks {
  readonly #base: BaseLinks;
  readonly #idOf: (ordinal: number) => string;
  readonly #compareBatches: (batch: number, other: number) => number;
  /** Groups that changed since the catalog, by each of their members. */
  readonly #groups = new Map<number, Group>();
  #version = 0;
  #redirects: { readonly version: number; readonly redirects: UserRedirects } | undefined;

  constructor(options: {
    readonly base?: BaseLinks;
    readonly idOf: (ordinal: number) => string;
    readonly compareBatches: (batch: number, other: number) => number;
  }) {
    this.#idOf = options.idOf;
    this.#compareBatches = options.compareBatches;
    this.#base = options.base ?? new BaseLinks([], options.idOf);
  }

  /** Changes whenever a representative may have changed. */
  get version(): number {
    return this.#version;
  }

  /** The ordinal that a user's data is counted under. */
  representative(ordinal: number): number {
    return this.#groups.get(ordinal)?.representative ?? this.#base.representative(ordinal);
  }

  /** All ordinals that are counted as this user, itself included. */
  members(ordinal: number): readonly number[] {
    return this.#groups.get(ordinal)?.members ?? this.#base.members(ordinal);
  }

  /** Whether links that are not in the catalog made the user's group what it is. */
  isChanged(ordinal: number): boolean {
    return this.#groups.has(ordinal);
  }

  /** Whom the catalog counts the ordinal under. */
  baseRepresentative(ordinal: number): number {
    return this.#base.representative(ordinal);
  }

  /** The links within the user's group that are not in the catalog. */
  links(ordinal: number): readonly UserLink[] {
    const group = this.#groups.get(ordinal);
    return group ? [...group.links.values()] : [];
  }

  /** All links that are not in the catalog. */
  newLinks(): UserLink[] {
    return [...new Set(this.#groups.values())].flatMap((group) => [...group.links.values()]);
  }

  /** Who is counted under somebody else; the same object until something changes. */
  redirects(): UserRedirects {
    if (this.#groups.size === 0) return this.#base.redirects;
    if (this.#redirects?.version !== this.#version) {
      this.#redirects = { version: this.#version, redirects: this.#newRedirects() };
    }
    return this.#redirects.redirects;
  }

  /** Returns whether anything changed: a link that is known already changes nothing. */
  add(link: UserLink): boolean {
    if (!isMerge(link.loser, link.winner) || this.#isInBase(link)) return false;
    const group = this.#unite(link.loser, link.winner);
    const key = `${link.loser} ${link.winner}`;
    const known = group.links.get(key);
    if (known && this.#compareBatches(known.batch, link.batch) <= 0) return false;
    group.links.set(key, link);
    group.representative = this.#choose(group);
    this.#version++;
    return true;
  }

  /** Whether the catalog says as much: what it says once more would only make its files grow. */
  #isInBase({ loser, winner }: UserLink): boolean {
    const base = this.#base;
    return base.hasLost(loser) && base.representative(loser) === base.representative(winner);
  }

  /** Those of the catalog and those of the changed groups, merged: there may be very many of the former. */
  #newRedirects(): UserRedirects {
    const base = this.#base.redirects;
    const changed = [...this.#groups]
      .filter(([ordinal, group]) => ordinal !== group.representative)
      .sort(([ordinal], [other]) => ordinal - other);
    const losers = new Uint32Array(base.losers.length + changed.length);
    const winners = new Uint32Array(losers.length);
    const ranks = new Uint32Array(losers.length);
    const changedRanks = this.#changedRanks();
    let count = 0;
    let next = 0;
    for (let i = 0; i <= base.losers.length; i++) {
      const isEnd = i === base.losers.length;
      for (; next < changed.length && (isEnd || changed[next][0] <= base.losers[i]); next++) {
        losers[count] = changed[next][0];
        ranks[count] = changedRanks.get(changed[next][0]) ?? 0;
        winners[count++] = changed[next][1].representative;
      }
      if (isEnd || this.#groups.has(base.losers[i])) continue;
      losers[count] = base.losers[i];
      ranks[count] = base.ranks[i];
      winners[count++] = base.winners[i];
    }
    const redirects = {
      losers: sharedUint32(count),
      winners: sharedUint32(count),
      ranks: sharedUint32(count),
    };
    redirects.losers.set(losers.subarray(0, count));
    redirects.winners.set(winners.subarray(0, count));
    redirects.ranks.set(ranks.subarray(0, count));
    return redirects;
  }

  /** By ordinal, of all who are in a changed group. */
  #changedRanks(): Map<number, number> {
    const ranks = new Map<number, number>();
    for (const { members, representative } of new Set(this.#groups.values())) {
      for (const [ordinal, rank] of ranksOf(members, representative, this.#idOf)) {
        ranks.set(ordinal, rank);
      }
    }
    return ranks;
  }

  #unite(ordinal: number, other: number): Group {
    const left = this.#groups.get(ordinal) ?? this.#baseGroup(ordinal);
    const right = this.#groups.get(other) ?? this.#baseGroup(other);
    const isOne = left === right || left.members.includes(other);
    const [small, large] = isOne
      ? [left, left]
      : left.members.length < right.members.length
        ? [left, right]
        : [right, left];
    if (!isOne) {
      large.members.push(...small.members);
      for (const [key, link] of small.links) large.links.set(key, link);
    }
    for (const member of large.members) this.#groups.set(member, large);
    return large;
  }

  #baseGroup(ordinal: number): Group {
    const representative = this.#base.representative(ordinal);
    return { members: this.#base.members(ordinal), links: new Map(), representative };
  }

  #choose(group: Group): number {
    const losers = new Set<number>();
    for (const link of group.links.values()) losers.add(link.loser);
    const hasLost = (ordinal: number): boolean =>
      losers.has(ordinal) || this.#base.hasLost(ordinal);
    return chooseRepresentative(group.members, hasLost, this.#idOf);
  }
}

/** In which order the links of one batch came. */
export function compareLinks(
  link: Pick<UserLink, 'place'>,
  other: Pick<UserLink, 'place'>,
): number {
  return link.place - other.place;
}

interface Group {
  readonly members: number[];
  readonly links: Map<string, UserLink>;
  representative: number;
}
