import type { InsightsPlan } from '../query/plan/plan-types.ts';
import type {
  SharedPersonColumn,
  SharedRows,
  SharedUsers,
  ThreadFailure,
} from '../query/host/thread-messages.ts';

/** What is exported, and how it is written down. */
export interface ExportRequest {
  readonly project: number;
  /**
   * A report whose range, filters and time zone say which events are meant; its metrics are not looked at. Filters
   * must be about single events and the profiles of their users (`checkRowFilters`).
   */
  readonly plan: InsightsPlan;
  /** Names as they were sent; null = every event, those of the protocol and hidden ones too. */
  readonly events: readonly string[] | null;
  /** Events before are left out: where a download that broke off goes on. */
  readonly fromMs: number | null;
  readonly limit: number | null;
  /** `time` in ms instead of seconds. */
  readonly timeInMs: boolean;
}

/** Profiles as they are when the export begins; the first message to the thread. */
export interface ExportSetup {
  readonly request: ExportRequest;
  /** By shard, by property: what filters look at. */
  readonly persons: readonly (readonly (readonly [string, SharedPersonColumn])[])[];
}

export type ExportPart =
  | { readonly type: 'segment'; readonly path: string; readonly hiddenRows: Uint32Array }
  | { readonly type: 'memory'; readonly rows: SharedRows; readonly hiddenRows: Uint32Array };

/** What one shard has of a day. */
export interface ExportShard {
  readonly shard: number;
  readonly users: SharedUsers;
  readonly parts: readonly ExportPart[];
}

export type ToExporter =
  | { readonly type: 'day'; readonly day: number; readonly shards: readonly ExportShard[] }
  /** The next lines of the day are wanted: answered by `lines` or `day done`. */
  | { readonly type: 'next' };

export type FromExporter =
  | { readonly type: 'lines'; readonly bytes: Uint8Array }
  /** `isLast`: the limit is reached. */
  | { readonly type: 'day done'; readonly isLast: boolean }
  | { readonly type: 'failed'; readonly error: ThreadFailure };
