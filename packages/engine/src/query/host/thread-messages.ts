import type { EngineErrorCode } from '../../base/errors.ts';
import type { SegmentRows } from '../../format/segment/segment-rows.ts';
import type { PartialResult } from '../merge/partial.ts';
import type { ChosenSegments, GroupRanks } from '../merge/segment-ranks.ts';
import type { EventHope } from '../scan/event-hope.ts';
import type { Extent } from './arena.ts';
import type { PackedDays } from './packed-days.ts';

/**
 * What the scan host and its threads say to each other. Columns never travel: they lie in slabs of
 * shared memory that every thread knows, and messages name places in them. Objects that several
 * queries refer to (slabs, dictionaries, users, persons' columns, parts in memory) are sent to a thread
 * once, under a number that is never used again, and dropped when the host no longer counts on them.
 */

/** A typed array in shared memory. Bytes per element: 1, 2 or 4 (unsigned integers). */
export interface Span {
  readonly slab: number;
  readonly offset: number;
  /** Elements. */
  readonly length: number;
  readonly width: 1 | 2 | 4;
}

/** Distinct values of a column, as a thread may come to them. */
export type DictionarySource =
  /** Of a property in a segment file: read there. */
  | { readonly type: 'file'; readonly file: SegmentFileSource; readonly property: string }
  /** JSON of the values by code, in UTF-8, in shared memory. */
  | { readonly type: 'json'; readonly bytes: Uint8Array };

export interface SegmentFileSource {
  readonly path: string;
  readonly project: number;
  readonly shard: number;
  readonly day: number;
}

/** Things that threads keep until they are told to drop them. */
export type SharedThing =
  | { readonly type: 'slab'; readonly id: number; readonly buffer: SharedArrayBuffer }
  | { readonly type: 'dictionary'; readonly id: number; readonly source: DictionarySource }
  | { readonly type: 'users'; readonly id: number; readonly users: SharedUsers }
  | { readonly type: 'person column'; readonly id: number; readonly column: SharedPersonColumn }
  | { readonly type: 'memory part'; readonly id: number; readonly rows: SharedRows }
  /** A long list of plans (`DetachedList`), in shared memory. */
  | { readonly type: 'list'; readonly id: number; readonly bytes: Uint8Array };

export interface SharedUsers {
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
  readonly losers: Uint32Array;
  readonly winners: Uint32Array;
  readonly ranks: Uint32Array;
}

export interface SharedPersonColumn {
  readonly codes: Uint32Array;
  readonly values: Uint8Array;
}

/** Rows of a part in memory; values of properties as JSON like those of a dictionary. */
export interface SharedRows extends Omit<SegmentRows, 'properties'> {
  readonly properties: readonly SharedProperty[];
}

export interface SharedProperty {
  readonly name: string;
  readonly codes: Uint32Array;
  readonly values: Uint8Array;
  /** Code 0 included. */
  readonly valueCount: number;
}

export type PartSource =
  | {
      readonly type: 'segment';
      readonly file: SegmentFileSource;
      /** Counted from the first row of the part. */
      readonly hiddenRows: Uint32Array;
    }
  | { readonly type: 'memory'; readonly id: number; readonly hiddenRows: Uint32Array };

/**
 * What one event of a day is decoded to. Ranks among ties compare within a day only, and depend on which
 * parts the day has: that is in their name.
 */
export type PieceName =
  // Of the activity of a day: `DayActivity`.
  | 'active users'
  | 'active firsts'
  | 'active lasts'
  | 'active counts'
  | 'runs'
  | 'times'
  | `ties${string}`
  | 'source parts'
  | 'source rows'
  | ColumnName
  /** There is nothing in it: no row is such as the hope of that key has them (`EventHope`). */
  | `barren ${string}`;

/** Codes of an event property. */
export type ColumnName = `column ${string}`;

/** Some pieces of one event of a day, to be decoded into an extent of shared memory. */
export interface LoadOrder {
  /** Null = the activity of the day, out of all events but the protocol's own. */
  readonly event: string | null;
  /** Of the activity of a day: events that are left out of it, beside the protocol's own. */
  readonly hidden?: readonly string[];
  /** All parts of the day; for its activity those that have any. */
  readonly parts: readonly PartSource[];
  /** Indices of those that have the event: what `sources` and dictionaries count by. */
  readonly present: readonly number[];
  readonly users: number;
  /** Ties are ranked for rows of merged users that came together on the day (`ArrivalScale.hasMoved`). */
  readonly tiesApart: boolean;
  /** Where the merged rows came from, known from before; null = merge, or find that nothing is to be merged. */
  readonly sources: SourcesPlace | null;
  readonly pieces: readonly PieceName[];
  /** Where the index of the parts says that no row is such, nothing is decoded. Null = all rows may matter. */
  readonly hope: EventHope | null;
  readonly extent: Extent;
}

export type SourcesPlace =
  | { readonly type: 'part'; readonly part: number }
  | { readonly type: 'rows'; readonly parts: Span; readonly rows: Span };

export interface LoadedPiece {
  readonly name: PieceName;
  /** Null = no row has this property, or no two rows share user and time. */
  readonly span: Span | null;
  /** Of a column. */
  readonly dictionary?: LoadedDictionary;
}

/** `part`: the dictionary of the property in that part, whatever the event; else one of its own. */
export type LoadedDictionary =
  | { readonly type: 'part'; readonly part: number; readonly bytes: number }
  | { readonly type: 'own'; readonly bytes: Uint8Array };

export interface Loaded {
  readonly pieces: readonly LoadedPiece[];
  readonly rowCount: number;
  readonly sources: SourcesPlace;
  /** Users who were merged away and had rows here, ascending. Null = as is known from before. */
  readonly touched: Uint32Array | null;
}

/** What threads must know of a shard besides its days. */
export interface ShardOrder {
  readonly users: number;
  /** Names with the id of a person column; those that no person has are left out. */
  readonly persons: readonly (readonly [name: string, id: number])[];
}

/** What a thread must know to scan for one query. */
export interface ScanOrder {
  readonly job: number;
  /** JSON of the plan: a text goes to each thread faster than thousands of buckets. */
  readonly plan: string;
  /** The lists that the plan is without, by their names. */
  readonly lists: readonly (readonly [name: string, id: number])[];
  readonly eventNames: readonly string[];
  /** One; several where groups are counted, whose users lie on many shards. */
  readonly shards: readonly ShardOrder[];
  /** Rows that the whole query reads, for the size of units. */
  readonly rowCount: number;
  /** Ordinals this scan is about; rows of 0 (nobody) belong to the first. */
  readonly firstUser: number;
  readonly endUser: number;
  /** A fast scan answers, where the plan has one; else it goes over rows in the order of users. */
  readonly isFast: boolean;
  /** The scan is the whole answer: where the plan has one shard, threads first tell how segments rank. */
  readonly isWhole: boolean;
}

/** Shared counters of a chunk. Units are claimed by adding to `nextUnit`. */
export const controlFields = { nextUnit: 0, unitsDone: 1, unitCount: 2, length: 3 } as const;

/** Some days of a scan; a query whose columns fit into the cache has one chunk. */
export interface ChunkOrder {
  readonly job: number;
  /** Along `ScanOrder.shards`. */
  readonly days: readonly PackedDays[];
  readonly isLast: boolean;
  /** See `controlFields`. */
  readonly control: Int32Array;
}

export type ToThread =
  | { readonly type: 'share'; readonly things: readonly SharedThing[] }
  | { readonly type: 'drop'; readonly ids: readonly number[] }
  /** A batch, done in this order. Answered by `loaded`, once. */
  | {
      readonly type: 'load';
      readonly id: number;
      readonly job: number;
      readonly orders: readonly LoadOrder[];
    }
  /** The next chunk of a job; `order` comes with the first, and is null with the others. */
  | { readonly type: 'scan'; readonly order: ScanOrder | null; readonly chunk: ChunkOrder }
  /** Answer to `ranked`: the segments that come back, by metric. Answered by `scanned`. */
  | { readonly type: 'chosen'; readonly job: number; readonly chosen: readonly ChosenSegments[] }
  /** Whatever of the job is left is not wanted any more. Answered by `ended`. */
  | { readonly type: 'end'; readonly job: number };

export type FromThread =
  | {
      readonly type: 'loaded';
      readonly id: number;
      readonly job: number;
      /** In the order of the batch; null = nothing was decoded, for no row matters (`LoadOrder.hope`). */
      readonly loaded: readonly (Loaded | null)[];
    }
  /** The thread has done what it could of the chunk; of the last one with its result, JSON in UTF-8. */
  | { readonly type: 'scanned'; readonly job: number; readonly partial: Uint8Array | null }
  /** In place of the last `scanned`: what the thread must be told of before it makes its result. */
  | { readonly type: 'ranked'; readonly job: number; readonly ranks: readonly GroupRanks[] }
  | { readonly type: 'failed'; readonly job: number; readonly error: ThreadFailure }
  | { readonly type: 'ended'; readonly job: number };

export interface ThreadFailure {
  /** Of an `EngineError`; null for a mistake of ours. */
  readonly code: EngineErrorCode | null;
  readonly message: string;
  readonly stack: string;
}

/** What a thread is started with. */
export interface ThreadSetup {
  /** Int32: the job whose unit the thread is at, 0 = none. Tells whose fault it was when the thread dies. */
  readonly current: Int32Array;
  readonly openFilesMax: number;
}

/** Partial results as they travel: JSON in UTF-8, so that nobody on the way has to look inside. */
export function readPartial(bytes: Uint8Array): PartialResult {
  return JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  ) as PartialResult;
}
