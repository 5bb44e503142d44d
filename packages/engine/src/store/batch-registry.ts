import { GrowableBytes, GrowableFloat64, GrowableUint32 } from '../base/growable.ts';
import { hashBytes, mixHash } from '../base/hash.ts';

/** What a shard remembers of a batch besides its rows. */
export interface RegisteredBatch {
  readonly batchId: string;
  readonly sequence: number;
  /** At the edge, ms UTC. */
  readonly receivedAt: number;
  /** Its bytes in the row log. */
  readonly bytes: number;
  /** It has updates of people. */
  readonly hasPeople: boolean;
}

/**
 * The batches a shard holds in memory, numbered from 0 in order of arrival. There may be very many small
 * ones, so an id costs its bytes and a slot of a numeric hash table, not an entry of a `Map` of strings.
 */
export class BatchRegistry {
  readonly #bytes = new GrowableBytes();
  /** Id i is bytes[ends[i - 1], ends[i]). */
  readonly #ends = new GrowableUint32();
  readonly #sequences = new GrowableFloat64();
  /** Numbers of the batches with updates of people, ascending. */
  readonly #withPeople = new GrowableUint32();
  /** Number + 1 of a batch by hash, open addressing; 0 = free. A power of two long. */
  #slots = new Uint32Array(64);
  #bytesInLog = 0;
  #oldestAt: number | null = null;

  get count(): number {
    return this.#ends.length;
  }

  /** Bytes of all of them in the row log. */
  get bytesInLog(): number {
    return this.#bytesInLog;
  }

  /** When the oldest was received at the edge, ms UTC; null = there is none. */
  get oldestAt(): number | null {
    return this.#oldestAt;
  }

  /** Numbers of those below `end` that have updates of people. */
  withPeople(end: number): Uint32Array {
    const all = this.#withPeople;
    return all.array.subarray(0, all.length).filter((batch) => batch < end);
  }

  sequence(batch: number): number {
    return this.#sequences.array[batch];
  }

  id(batch: number): string {
    return Buffer.from(this.#idBytes(batch)).toString();
  }

  has(batchId: string): boolean {
    return this.#slots[this.#slotOf(Buffer.from(batchId))] !== 0;
  }

  /** The number of the new batch. The caller made sure that `has` says no. */
  add({ batchId, sequence, receivedAt, bytes, hasPeople }: RegisteredBatch): number {
    if ((this.count + 1) * 2 > this.#slots.length) this.#grow();
    const id = Buffer.from(batchId);
    this.#slots[this.#slotOf(id)] = this.count + 1;
    this.#bytes.append(id);
    this.#ends.push(this.#bytes.length);
    this.#sequences.push(sequence);
    if (hasPeople) this.#withPeople.push(this.count - 1);
    this.#bytesInLog += bytes;
    this.#oldestAt = Math.min(this.#oldestAt ?? receivedAt, receivedAt);
    return this.count - 1;
  }

  /** Which of two batches is later: by sequence, then by the bytes of the id. The same on every replica. */
  compare(batch: number, other: number): number {
    if (batch === other) return 0;
    const difference = this.#sequences.array[batch] - this.#sequences.array[other];
    if (difference !== 0) return difference;
    return Buffer.compare(this.#idBytes(batch), this.#idBytes(other));
  }

  #idBytes(batch: number): Uint8Array {
    const start = batch === 0 ? 0 : this.#ends.array[batch - 1];
    return this.#bytes.array.subarray(start, this.#ends.array[batch]);
  }

  /** The slot that holds the id, or the free one where it belongs. */
  #slotOf(id: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = mixHash(hashBytes(id)) & mask;
    while (this.#slots[slot] !== 0) {
      if (Buffer.compare(this.#idBytes(this.#slots[slot] - 1), id) === 0) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let batch = 0; batch < this.count; batch++) {
      this.#slots[this.#slotOf(this.#idBytes(batch))] = batch + 1;
    }
  }
}
