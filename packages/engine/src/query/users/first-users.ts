import type { Steps } from '../../base/slices.ts';

/** The order of users by ordinal. */
export interface UserOrder {
  /** By ordinal: a lower one comes first. Infinity = has nothing to be sorted by. */
  readonly ranks: Float64Array;
  /** Of two users with one rank: negative = the first one comes first. Never 0. */
  compare(user: number, other: number): number;
  /** The last user of the page before: negative or 0 = the user was on it or on one before. Null = there was no page. */
  readonly after: { readonly rank: number; compare(user: number): number } | null;
}

const usersAStep = 65_536;

/** The first `most` users of the mask that come after the position, in order. */
export function* firstUsers(order: UserOrder, mask: Uint8Array, most: number): Steps<Uint32Array> {
  const found = new FirstUsers(order, most);
  for (let first = 1; first < mask.length; first += usersAStep) {
    found.take(mask, first, Math.min(first + usersAStep, mask.length));
    yield;
  }
  return found.inOrder();
}

/** A heap of the best so far with the worst of them on top: almost every other user is left behind by one comparison. */
class FirstUsers {
  readonly #order: UserOrder;
  readonly #most: number;
  readonly #heap: Uint32Array;
  #count = 0;

  constructor(order: UserOrder, most: number) {
    this.#order = order;
    this.#most = most;
    this.#heap = new Uint32Array(most);
  }

  take(mask: Uint8Array, first: number, end: number): void {
    const { ranks, after } = this.#order;
    const afterRank = after === null ? -Infinity : after.rank;
    let worst = this.#worstRank();
    for (let user = first; user < end; user++) {
      if (mask[user] === 0) continue;
      const rank = ranks[user];
      if (rank > worst || rank < afterRank) continue;
      if (after !== null && rank === afterRank && after.compare(user) <= 0) continue;
      this.#add(user);
      worst = this.#worstRank();
    }
  }

  inOrder(): Uint32Array {
    return this.#heap
      .slice(0, this.#count)
      .sort((user, other) => (this.#isBefore(user, other) ? -1 : 1));
  }

  /** Whoever has a higher rank is not wanted any more. */
  #worstRank(): number {
    return this.#count < this.#most ? Infinity : this.#order.ranks[this.#heap[0]];
  }

  #add(user: number): void {
    if (this.#count < this.#most) {
      this.#rise(this.#count++, user);
      return;
    }
    if (this.#isBefore(user, this.#heap[0])) this.#sink(user);
  }

  #rise(from: number, user: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#isBefore(heap[parent], user)) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = user;
  }

  /** Puts the user in the place of the worst. */
  #sink(user: number): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= this.#count) break;
      if (child + 1 < this.#count && this.#isBefore(heap[child], heap[child + 1])) child++;
      if (!this.#isBefore(user, heap[child])) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = user;
  }

  #isBefore(user: number, other: number): boolean {
    const { ranks } = this.#order;
    if (ranks[user] !== ranks[other]) return ranks[user] < ranks[other];
    return user !== other && this.#order.compare(user, other) < 0;
  }
}
