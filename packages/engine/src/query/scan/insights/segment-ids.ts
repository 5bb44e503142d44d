import { PairTable } from './pair-table.ts';
import type { UserStates } from './user-states.ts';

/** Ids that are given by place: their states (2 bytes each) fit into the second-level cache. */
const placesMax = 2 ** 19;

/**
 * Numbers for users in segments, within one range of users. While there are few segments, every (user,
 * slot) has its place; beyond, a table numbers those that occur.
 */
export class SegmentIds {
  readonly #userCount: number;
  readonly #states: UserStates;
  #stride: number;
  #table: PairTable | null = null;

  constructor(userCount: number, slotCount: number, statesOf: (idCount: number) => UserStates) {
    this.#userCount = userCount;
    this.#stride = strideFor(slotCount);
    const places = userCount * this.#stride;
    if (places > placesMax) this.#table = new PairTable();
    this.#states = statesOf(this.#table === null ? places : 4096);
  }

  get states(): UserStates {
    return this.#states;
  }

  /** `out[i]` = the id of users[i] (counted from the start of the range) in slots[i] < slotCount. */
  write(
    users: Uint32Array,
    slots: Uint32Array,
    { count, slotCount }: { readonly count: number; readonly slotCount: number },
    out: Uint32Array,
  ): void {
    if (this.#table === null && slotCount > this.#stride) this.#widen(slotCount);
    if (this.#table === null) {
      writePlaces(users, slots, count, this.#stride, out);
      return;
    }
    this.#table.write(users, slots, count, out);
    this.#states.reserve(this.#table.size);
  }

  #widen(slotCount: number): void {
    const before = this.#stride;
    const stride = strideFor(slotCount);
    const split = (id: number) => ({ user: Math.floor(id / before), slot: id % before });
    this.#stride = stride;
    if (this.#userCount * stride <= placesMax) {
      this.#states.renumber(this.#userCount * stride, (id) => {
        const { user, slot } = split(id);
        return user * stride + slot;
      });
      return;
    }
    const table = new PairTable();
    this.#table = table;
    // Places are never fewer than the pairs among them.
    this.#states.renumber(this.#userCount * before, (id) => {
      const { user, slot } = split(id);
      return table.idOf(user, slot);
    });
  }
}

/** Room to grow, so that the first days of a range, which bring most segments, seldom widen it. */
function strideFor(slotCount: number): number {
  return Math.max(8, 8 * Math.ceil((1.125 * slotCount) / 8));
}

function writePlaces(
  users: Uint32Array,
  slots: Uint32Array,
  count: number,
  stride: number,
  out: Uint32Array,
): void {
  for (let i = 0; i < count; i++) out[i] = users[i] * stride + slots[i];
}
