import type { PropertyValue } from '@arbor/schema/property-value';
import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import type {
  MemoryPart,
  ProjectSnapshot,
  UserIds,
  UserRedirects,
} from '../scan/project-snapshot.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { SharedThings } from './shared-things.ts';
import type { SharedProperty, SharedRows, SharedUsers } from './thread-messages.ts';

/**
 * What threads need of snapshots besides days: users, persons' columns, rows in memory. Snapshots of a
 * project that did not change share these objects, so each is prepared for threads once; how many are kept
 * that no query uses is bounded, because a live project makes new ones with every batch.
 */
export class SharedSnapshots {
  readonly #things: SharedThings;
  readonly #kept = new Map<object, Kept>();
  /** Objects remembered although no query uses them. */
  readonly #idleMax = 16;

  constructor(things: SharedThings) {
    this.#things = things;
  }

  /** Ids of things in use by one query, until it releases the lease. */
  lease(): SnapshotLease {
    return new SnapshotLease(this);
  }

  /** For leases only. */
  take(object: object, make: () => Parameters<SharedThings['add']>[0]): Kept {
    let kept = this.#kept.get(object);
    if (kept === undefined) kept = { object, id: this.#things.add(make()), uses: 0 };
    // Anew at the end: the first are the longest unused.
    this.#kept.delete(object);
    this.#kept.set(object, kept);
    kept.uses++;
    return kept;
  }

  /** For leases only. */
  release(all: readonly Kept[]): void {
    for (const kept of all) kept.uses--;
    const idle = [...this.#kept.values()].filter(({ uses }) => uses === 0);
    const dropped = idle.slice(0, Math.max(0, idle.length - this.#idleMax));
    for (const { object } of dropped) this.#kept.delete(object);
    if (dropped.length > 0) this.#things.drop(dropped.map(({ id }) => id));
  }
}

interface Kept {
  readonly object: object;
  readonly id: number;
  uses: number;
}

export class SnapshotLease {
  readonly #shared: SharedSnapshots;
  readonly #kept: Kept[] = [];

  constructor(shared: SharedSnapshots) {
    this.#shared = shared;
  }

  users({ users, redirects }: ProjectSnapshot): number {
    const pair = pairOf(users, redirects);
    return this.#take(pair, () => ({ type: 'users', users: sharedUsers(users, redirects) }));
  }

  /** Null = no person has it. */
  personColumn(snapshot: ProjectSnapshot, name: string): number | null {
    const column = snapshot.personProperty(name);
    if (column === undefined) return null;
    return this.#take(column.codes, () => ({
      type: 'person column',
      column: { codes: inSharedMemory(column.codes), values: jsonOf(column.values) },
    }));
  }

  memoryPart(part: MemoryPart, properties: ReadonlySet<string>): number {
    const rows = part.rows(properties);
    return this.#take(rows, () => ({ type: 'memory part', rows: sharedRows(rows) }));
  }

  release(): void {
    this.#shared.release(this.#kept.splice(0));
  }

  #take(object: object, make: () => Parameters<SharedThings['add']>[0]): number {
    const kept = this.#shared.take(object, make);
    this.#kept.push(kept);
    return kept.id;
  }
}

/** An object for two that come together: the same for the same two. */
const pairs = new WeakMap<object, WeakMap<UserRedirects, object>>();

function pairOf(users: object, redirects: UserRedirects): object {
  let own = pairs.get(users);
  if (own === undefined) pairs.set(users, (own = new WeakMap()));
  let pair = own.get(redirects);
  if (pair === undefined) own.set(redirects, (pair = {}));
  return pair;
}

export function sharedUsers(users: UserIds, redirects: UserRedirects): SharedUsers {
  return {
    count: users.count,
    bytes: inSharedMemory(users.bytes),
    ends: inSharedMemory(users.ends),
    losers: inSharedMemory(redirects.losers),
    winners: inSharedMemory(redirects.winners),
    ranks: inSharedMemory(redirects.ranks),
  };
}

export function sharedRows(rows: SegmentRows): SharedRows {
  return {
    ...rows,
    eventStarts: inSharedMemory(rows.eventStarts),
    users: inSharedMemory(rows.users),
    times: inSharedMemory(rows.times),
    tieRanks: rows.tieRanks && inSharedMemory(rows.tieRanks),
    batchSequences: inSharedMemory(rows.batchSequences),
    batches: inSharedMemory(rows.batches),
    sentIds: inSharedMemory(rows.sentIds),
    insertIds: {
      bytes: inSharedMemory(rows.insertIds.bytes),
      ends: inSharedMemory(rows.insertIds.ends),
    },
    properties: rows.properties.map(({ name, codes, values }): SharedProperty => ({
      name,
      codes: inSharedMemory(codes),
      values: jsonOf(values),
      valueCount: values.length,
    })),
  };
}

/** A message copies arrays in ordinary memory once a thread. Mostly they are shared already. */
export function inSharedMemory<T extends Uint8Array | Uint32Array | Float64Array>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const Class = array.constructor as new (buffer: SharedArrayBuffer) => T;
  const copy = new Class(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

const jsonByValues = new WeakMap<readonly PropertyValue[], Uint8Array>();

/** The values as UTF-8 JSON in shared memory. Values never change, so neither does it. */
export function jsonOf(values: PropertyColumn['values']): Uint8Array {
  const known = jsonByValues.get(values);
  if (known !== undefined) return known;
  const text = JSON.stringify(values);
  const bytes = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(text)));
  Buffer.from(bytes.buffer).write(text);
  jsonByValues.set(values, bytes);
  return bytes;
}

/**
 * Text that a thread turns into values at once: V8 ends the whole process when its parser runs out of
 * memory, and not the thread alone.
 */
const jsonBytesMax = 2 ** 28;

export function valuesOf(json: Uint8Array): PropertyValue[] {
  if (json.byteLength > jsonBytesMax) {
    const megabytes = Math.round(json.byteLength / 2 ** 20);
    throw invalidQuery(
      `a property of the query has ${megabytes} MB of different values, more than fit into memory`,
    );
  }
  const { buffer, byteOffset, byteLength } = json;
  return JSON.parse(Buffer.from(buffer, byteOffset, byteLength).toString()) as PropertyValue[];
}
