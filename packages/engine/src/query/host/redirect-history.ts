import type { UserRedirects } from '../scan/project-snapshot.ts';

/** Changes that are remembered; a live project merges some thousand users a day. */
const changesMax = 100_000;

/**
 * How the merges of users of one project changed from snapshot to snapshot. Columns are decoded under
 * some version; under another they are the same unless a user whose fate changed in between has rows
 * there. So a merge costs the columns it touches, and not the cache.
 */
export class RedirectHistory {
  readonly #versions = new WeakMap<UserRedirects, number>();
  /** changes[i] = users that fared differently in version first + i + 1 than in the one before. */
  readonly #changes: Uint32Array[] = [];
  #first = 0;
  #last: UserRedirects = {
    losers: new Uint32Array(0),
    winners: new Uint32Array(0),
    ranks: new Uint32Array(0),
  };
  #changeCount = 0;

  constructor() {
    this.#versions.set(this.#last, 0);
  }

  versionOf(redirects: UserRedirects): number {
    const known = this.#versions.get(redirects);
    if (known !== undefined) return known;
    const changed = difference(this.#last, redirects);
    if (changed.length > 0) {
      this.#changes.push(changed);
      this.#changeCount += changed.length;
      this.#trim();
    }
    const version = this.#first + this.#changes.length;
    this.#last = redirects;
    this.#versions.set(redirects, version);
    return version;
  }

  /** Lists of the users that may fare differently in the two versions; null = it is not known any more. */
  changedBetween(version: number, other: number): readonly Uint32Array[] | null {
    const start = Math.min(version, other);
    if (start < this.#first) return null;
    return this.#changes.slice(start - this.#first, Math.max(version, other) - this.#first);
  }

  #trim(): void {
    while (this.#changeCount > changesMax && this.#changes.length > 1) {
      this.#changeCount -= this.#changes[0].length;
      this.#changes.shift();
      this.#first++;
    }
  }
}

/** Losers of either that the other does not have, or with another winner or rank; ascending. */
function difference(before: UserRedirects, after: UserRedirects): Uint32Array {
  const changed: number[] = [];
  let b = 0;
  let a = 0;
  while (b < before.losers.length || a < after.losers.length) {
    const old = b < before.losers.length ? before.losers[b] : Infinity;
    const own = a < after.losers.length ? after.losers[a] : Infinity;
    if (old !== own) changed.push(Math.min(old, own));
    else if (before.winners[b] !== after.winners[a] || before.ranks[b] !== after.ranks[a])
      changed.push(own);
    if (old <= own) b++;
    if (own <= old) a++;
  }
  return Uint32Array.from(changed);
}

/** Whether an ascending list holds any of the numbers. */
export function holdsAny(list: Uint32Array, numbers: Uint32Array): boolean {
  for (let i = 0; i < numbers.length; i++) {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (list[middle] < numbers[i]) low = middle + 1;
      else high = middle;
    }
    if (low < list.length && list[low] === numbers[i]) return true;
  }
  return false;
}
