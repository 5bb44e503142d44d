import type { PeerName } from './install.ts';

export type Cell = string | number;
export type Row = readonly Cell[];

/** What loading a peer came to. */
export interface LoadReport {
  readonly rows: number;
  readonly seconds: number;
  readonly bytesPerEvent: number;
  readonly peakMemoryMb?: number;
  /** Bytes an event, where the engine tells them apart. */
  readonly columns?: Readonly<Record<string, number>>;
}

/** An open database with the bench's two tables, `events` and `people`. */
export interface PeerSession {
  /** Numbers as numbers: every count of the bench is below 2^53. */
  rows(sql: string): Promise<Row[]>;
  close(): void;
}

export interface PeerLimits {
  readonly threads: number;
  readonly memoryGb: number;
}

/** What is loaded: the day files under `root`, and people made anew. */
export interface LoadSource {
  readonly root: string;
  readonly events: number;
  readonly seed: number;
}

/** A job for `peer-process.ts`: each load and each query has a process of its own. */
export type PeerJob = { readonly peer: PeerName; readonly directory: string } & PeerLimits &
  (
    | ({ readonly type: 'load' } & LoadSource)
    | { readonly type: 'query'; readonly sql: string; readonly warmRuns: number }
  );

export interface QueryMeasure {
  readonly coldMs: number;
  readonly warmMs: readonly number[];
  /** Processor time of the warm runs: far from threads × time, when somebody else had the cores. */
  readonly cpuMs: readonly number[];
  readonly idleMemoryMb: number;
  readonly peakMemoryMb: number;
  readonly rows: readonly Row[];
}
