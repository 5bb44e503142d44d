import type { IngestBatch, IngestSource } from '@arbor/schema/ingest';
import type { RejectedEntry } from '@arbor/schema/live';
import type { RecordProblem } from './record/record-problem.ts';

/**
 * What the edge needs from the rest of the system. The edge owns HTTP and the judgement of records;
 * accounts, queues and the Live stream are behind these ports and implemented outside this folder.
 */

/** A project as the edge sees it: which one, and the rules its owner chose. */
export interface EdgeProject {
  readonly id: number;
  readonly settings: EdgeSettings;
}

export interface EdgeSettings {
  /** `original`: a record of a strict `/import` must carry `distinct_id` (`ingestion-api.md` 3.2). */
  readonly identityMode: 'simplified' | 'original';
  /** `/track` silently ignores events older than this; null = takes any age (decisions 4). */
  readonly trackAgeDaysMax: number | null;
  /** Pages that may send, as `https://shop.example` or `https://*.shop.example`; empty = all (`browser-sdk.md` SRV-13). */
  readonly allowedOrigins: readonly string[];
}

export const defaultEdgeSettings: EdgeSettings = {
  identityMode: 'simplified',
  trackAgeDaysMax: null,
  allowedOrigins: [],
};

/** What a caller of `/import` may show (`ingestion-api.md` 1.3). */
export type ImportCredential =
  | {
      readonly type: 'service-account';
      readonly username: string;
      readonly secret: string;
      readonly projectId: number;
    }
  /** HTTP Basic with an empty password: the project's token or its secret. */
  | { readonly type: 'token-or-secret'; readonly value: string }
  /** The legacy query or form field: the project's token or its secret. */
  | { readonly type: 'api-key'; readonly value: string };

/**
 * Called on every request, so implementations cache, unknown tokens too. Secrets are compared in
 * constant time. A rejection means the answer is not known now: the caller gets 503 and comes back.
 */
export interface ProjectLookup {
  byToken(token: string): EdgeProject | null | Promise<EdgeProject | null>;
  /** null = the credential is wrong or may not import into that project. */
  byCredential(credential: ImportCredential): Promise<EdgeProject | null>;
}

export type IngestQueue = 'live' | 'bulk';

/**
 * Resolves once Redis has the batch in its append-only file, and not before. A rejection means that
 * this is not known to be so. Adding a batch id again must be harmless: the edge does it once in a
 * while when Redis was away for a moment.
 */
export interface IngestProducer {
  add(queue: IngestQueue, batch: IngestBatch): Promise<void>;
}

/** Of a lane, from its queue to storage. */
export interface LaneState {
  /** Age of the oldest job that is not stored, ms; 0 = there is none. */
  readonly behindMs: number;
  /** When that was so, ms UTC. */
  readonly at: number;
}

/** null = there is room; otherwise the caller is told to come back after so many seconds. */
export interface Backpressure {
  overloaded(queue: IngestQueue): { readonly retryAfterSeconds: number } | null;
  /** How far the lane is behind, storage included, as seen last. */
  stateOf(queue: IngestQueue): LaneState;
}

/** A refused record, to be counted by its reason. */
export interface RefusedCount {
  readonly source: IngestSource;
  readonly problem: RecordProblem;
  /** ms UTC. */
  readonly now: number;
  /** Made for those few that are kept: it costs the text of the record. */
  readonly entry: () => RejectedEntry;
}

/** Shows refused records in the project's Live view, and counts them. Best effort: it never delays or fails a request. */
export interface RejectedSink {
  publishRejected(project: number, entries: readonly RejectedEntry[]): void;
  /** Every one of them, where `publishRejected` gets some. */
  countRejected?(project: number, refused: RefusedCount): void;
}

export interface EdgeLogger {
  error(details: object, text: string): void;
  info(details: object, text: string): void;
}

/** What an operator may set; `edge-options.ts` holds the defaults and what each is for. */
export interface EdgeOptions {
  /** Decompressed; the bound of the compressed body too. */
  readonly requestBytesMax: number;
  /** Every endpoint also answers below each of these, for clients configured with a path. */
  readonly pathPrefixes: readonly string[];
  /** Further neutral names of the browser SDK's endpoint `/e` (`browser-sdk.md` SRV-1). */
  readonly sdkPaths: readonly string[];
  readonly batchDelayMs: number;
  readonly batchRecordsMax: number;
  readonly batchBytesMax: number;
  /** Bytes of accepted requests that wait for Redis; past it the edge answers 429. */
  readonly waitingBytesMax: number;
  /** How long a batch is offered to a Redis that does not take it before its callers get 503. */
  readonly producerPatienceMs: number;
  /** Quota of a project over any minute, in each process of the api; past it the edge answers 429. */
  readonly projectEventsPerMinuteMax: number;
  readonly projectBytesPerMinuteMax: number;
  /** Of `/e`, by the address of the browser: over any minute, in each process of the api. */
  readonly addressRecordsPerMinuteMax: number;
  readonly addressBytesPerMinuteMax: number;
  /** Hosts to which `/track?redirect=` may lead (`ingestion-api.md` 2.2); empty = it is ignored. */
  readonly redirectHosts: readonly string[];
  /** A project that sends less is never held for the sake of others: so many at once, and so many a second. */
  readonly lightRecordsBurst: number;
  readonly lightRecordsPerSecond: number;
  /** Records of all others of a lane that may be on their way to storage; between the two it adapts itself … */
  readonly heavyRecordsMin: number;
  readonly heavyRecordsMax: number;
  /** … so that the lane is no further behind. */
  readonly heavyBehindMsMax: number;
  /**
   * How long a request waits for its turn before it is answered 429: one of `/track` and `/e`, and one of scripts (`/import`, `/engage`,
   * `/groups`); and how much of a line may wait.
   */
  readonly heldLiveMsMax: number;
  readonly heldBulkMsMax: number;
  /** A line of `/track` and `/e` whose first has waited so long takes no more: 429 at once. */
  readonly jammedLiveMs: number;
  readonly heldBytesPerProjectMax: number;
}

/**
 * The random key of a UTC day (days since 1970), the same in all processes of the api, which is nowhere any more after `forMs`.
 * Rejects where it cannot be had now.
 */
export type DayKeys = (day: number, forMs: number) => Promise<Buffer>;

export interface EdgeDeps {
  readonly projects: ProjectLookup;
  readonly producer: IngestProducer;
  readonly backpressure: Backpressure;
  readonly live: RejectedSink;
  /** ms UTC. */
  readonly clock: () => number;
  /** Secret that turns addresses into ids (`ingestion-api.md` 2.4); the same in all processes, for ever. */
  readonly addressKey: string;
  readonly dayKeys: DayKeys;
  readonly logger: EdgeLogger;
  readonly options?: Partial<EdgeOptions>;
}
