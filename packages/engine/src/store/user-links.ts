/** `loser`'s data belongs to `winner`; `batch` is the earliest batch that said so. */
export interface UserLink {
  readonly loser: number;
  readonly winner: number;
  readonly batch: number;
}

/**
 * Merges of users, by ordinal. What they mean is a function of the set of links alone, never of the
 * order in which they came: users that are linked in any way are one group; it is represented by
 * the member that never lost, or, should faulty links leave several or none of those, by the one
 * with the smallest id.
 */
export class UserLinks {
  readonly #idOf: (ordinal: number) => string;
  readonly #compareBatches: (batch: number, other: number) => number;
  /** Groups of at least two, by each of their members. */
  readonly #groups = new Map<number, Group>();
  #version = 0;

  constructor(options: {
    readonly idOf: (ordinal: number) => string;
    readonly compareBatches: (batch: number, other: number) => number;
  }) {
    this.#idOf = options.idOf;
    this.#compareBatches = options.compareBatches;
  }

  /** Changes whenever a representative may have changed. */
  get version(): number {
    return this.#version;
  }

  /** The ordinal that a user's data is counted under. */
  representative(ordinal: number): number {
    return this.#groups.get(ordinal)?.representative ?? ordinal;
  }

  /** All ordinals that are counted as this user, itself included. */
  members(ordinal: number): readonly number[] {
    return this.#groups.get(ordinal)?.members ?? [ordinal];
  }

  /** The links within the user's group. */
  links(ordinal: number): readonly UserLink[] {
    const group = this.#groups.get(ordinal);
    return group ? [...group.links.values()] : [];
  }

  /** An order of the links of one batch that is the same on every replica: by the ids. */
  compareLinks(
    link: Pick<UserLink, 'loser' | 'winner'>,
    other: Pick<UserLink, 'loser' | 'winner'>,
  ): number {
    const difference = compareText(this.#idOf(link.loser), this.#idOf(other.loser));
    if (difference !== 0) return difference;
    return compareText(this.#idOf(link.winner), this.#idOf(other.winner));
  }

  /** Ordinals that belong to a group, with what they are counted under. */
  *entries(): Generator<readonly [ordinal: number, representative: number]> {
    for (const [ordinal, group] of this.#groups) yield [ordinal, group.representative];
  }

  /** Returns whether anything changed: a link that is known already changes nothing. */
  add(link: UserLink): boolean {
    // "" is nobody, and nobody is merged with himself.
    if (link.loser === 0 || link.winner === 0 || link.loser === link.winner) return false;
    const group = this.#unite(link.loser, link.winner);
    const key = `${link.loser} ${link.winner}`;
    const known = group.links.get(key);
    if (known && this.#compareBatches(known.batch, link.batch) <= 0) return false;
    group.links.set(key, link);
    group.representative = this.#choose(group);
    this.#version++;
    return true;
  }

  #unite(ordinal: number, other: number): Group {
    const left = this.#groups.get(ordinal) ?? newGroup(ordinal);
    const right = this.#groups.get(other) ?? newGroup(other);
    if (left === right) return left;
    const [small, large] =
      left.members.length < right.members.length ? [left, right] : [right, left];
    large.members.push(...small.members);
    for (const [key, link] of small.links) large.links.set(key, link);
    for (const member of large.members) this.#groups.set(member, large);
    return large;
  }

  #choose(group: Group): number {
    const losers = new Set<number>();
    for (const link of group.links.values()) losers.add(link.loser);
    const neverLost = group.members.filter((member) => !losers.has(member));
    const candidates = neverLost.length > 0 ? neverLost : group.members;
    return candidates.reduce((best, member) =>
      this.#idOf(member) < this.#idOf(best) ? member : best,
    );
  }
}

function compareText(text: string, other: string): number {
  return text < other ? -1 : text > other ? 1 : 0;
}

interface Group {
  readonly members: number[];
  readonly links: Map<string, UserLink>;
  representative: number;
}

function newGroup(ordinal: number): Group {
  return { members: [ordinal], links: new Map(), representative: ordinal };
}
