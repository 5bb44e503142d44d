import { cellCount } from './memory.ts';
import type { CellNumbers } from './property-cells.ts';
import { asNumber } from './property-cells.ts';
import type { InsightsInput } from './insights-input.ts';
import type { Entries } from './segments.ts';
import { GrowableFloat64, GrowableUint32 } from '../../base/growable.ts';
import type { MeasurePlan } from '../plan/plan-types.ts';

type PerUserMeasure = Extract<MeasurePlan, { type: 'per_user' }>;

/** One number for each user in each slot and bucket, and in the whole range: that is bucket `bucketCount`. */
export interface UserNumbers {
  readonly users: Uint32Array;
  readonly slots: Uint32Array;
  readonly buckets: Int32Array;
  readonly values: Float64Array;
  readonly slotCount: number;
}

/** How often each user did it, or an aggregate over his events (4.1); who has no number is left out. */
export function userNumbers(
  entries: Entries,
  { property, aggregate }: PerUserMeasure,
  { view, frame, buckets }: InsightsInput,
  bucketCount: number,
): UserNumbers {
  const { rows, slots } = orderBySlot(entries);
  const column = property === null ? undefined : frame.column(property);
  const out = new NumberList();
  if (property !== null && column === undefined) return out.result(entries.slotCount);
  const values = column?.values ?? [];
  const numbers = Float64Array.from(values, asNumber);
  const range = new Aggregate(aggregate, values.length);
  const own = new Aggregate(aggregate, values.length);
  let [slot, user, bucket] = [0, 0, 0];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (view.users[row] === 0 || buckets[row] < 0) continue;
    const isSameUser = slots[i] === slot && view.users[row] === user;
    if (!isSameUser || buckets[row] !== bucket) out.take(own, user, slot, bucket);
    if (!isSameUser) out.take(range, user, slot, bucketCount);
    [slot, user, bucket] = [slots[i], view.users[row], buckets[row]];
    const code = column ? column.codes[row] : 0;
    const isValue = column === undefined || (code !== 0 && values[code] !== null);
    const number = column === undefined ? 1 : numbers[code];
    own.add(number, isValue ? code : -1);
    range.add(number, isValue ? code : -1);
  }
  out.take(own, user, slot, bucket);
  out.take(range, user, slot, bucketCount);
  return out.result(entries.slotCount);
}

/** As numbers of a property: the cells over users are made as those over events. */
export function asCellNumbers(
  { users, slots, buckets, values, slotCount }: UserNumbers,
  bucketCount: number,
  name: string,
): CellNumbers {
  cellCount(slotCount, bucketCount + 1);
  const rows = Uint32Array.from(users, (_, i) => i);
  const width = bucketCount + 1;
  return {
    rows,
    codes: rows,
    numberByCode: values,
    slots,
    buckets,
    slotCount,
    bucketCount: width,
    weights: null,
    name,
  };
}

/** Over the events of one user. */
class Aggregate {
  readonly #type: PerUserMeasure['aggregate'];
  /** By code: the run of events that it was last seen in. */
  readonly #seenIn: Uint32Array;
  #run = 1;
  #count = 0;
  #sum = 0;
  /** What rounding took from the sum. */
  #lost = 0;
  #extreme = 0;

  constructor(type: PerUserMeasure['aggregate'], codeCount: number) {
    this.#type = type;
    this.#seenIn = new Uint32Array(type === 'distinct_count' ? codeCount : 0);
  }

  /** `number` is NaN where there is none; `code` −1 where there is no value at all. */
  add(number: number, code: number): void {
    if (this.#type === 'distinct_count') {
      if (code < 0 || this.#seenIn[code] === this.#run) return;
      this.#seenIn[code] = this.#run;
      this.#count++;
      return;
    }
    if (number !== number) return;
    const before = this.#sum;
    this.#sum = before + number;
    this.#lost +=
      Math.abs(before) >= Math.abs(number)
        ? before - this.#sum + number
        : number - this.#sum + before;
    if (this.#count === 0) this.#extreme = number;
    else if (this.#type === 'min') this.#extreme = Math.min(this.#extreme, number);
    else this.#extreme = Math.max(this.#extreme, number);
    this.#count++;
  }

  /** The result so far, NaN = none; begins anew. */
  end(): number {
    const result = this.#count === 0 ? NaN : this.#result();
    this.#run++;
    this.#count = 0;
    this.#sum = 0;
    this.#lost = 0;
    return result;
  }

  #result(): number {
    switch (this.#type) {
      case 'count':
      case 'distinct_count':
        return this.#count;
      case 'sum':
        return this.#sum + this.#lost;
      case 'average':
        return (this.#sum + this.#lost) / this.#count;
      case 'min':
      case 'max':
        return this.#extreme;
    }
  }
}

class NumberList {
  readonly #users = new GrowableUint32();
  readonly #slots = new GrowableUint32();
  readonly #buckets = new GrowableUint32();
  readonly #values = new GrowableFloat64();

  take(aggregate: Aggregate, user: number, slot: number, bucket: number): void {
    const value = aggregate.end();
    if (value !== value) return;
    this.#users.push(user);
    this.#slots.push(slot);
    this.#buckets.push(bucket);
    this.#values.push(value);
  }

  result(slotCount: number): UserNumbers {
    const length = this.#users.length;
    return {
      users: this.#users.array.slice(0, length),
      slots: this.#slots.array.slice(0, length),
      buckets: Int32Array.from(this.#buckets.array.subarray(0, length)),
      values: this.#values.array.slice(0, length),
      slotCount,
    };
  }
}

/** A counting sort that keeps the order of rows in each slot: the events of a user lie together there. */
function orderBySlot(entries: Entries): Entries {
  const { rows, slots, slotCount } = entries;
  if (slotCount <= 1) return entries;
  const ends = new Uint32Array(slotCount + 1);
  for (let i = 0; i < slots.length; i++) ends[slots[i] + 1]++;
  for (let slot = 1; slot < ends.length; slot++) ends[slot] += ends[slot - 1];
  const ordered = { rows: new Uint32Array(rows.length), slots: new Uint32Array(rows.length) };
  for (let i = 0; i < slots.length; i++) {
    const at = ends[slots[i]]++;
    ordered.rows[at] = rows[i];
    ordered.slots[at] = slots[i];
  }
  return { ...ordered, slotCount };
}
