import type { Member } from '@arbor/schema/cluster';
import type { LqsMoves, LqsNames, LqsNamesRequest } from '@arbor/schema/lqs';
import type { Properties } from '@arbor/schema/property-value';
import type { Filter, Query } from '@arbor/schema/query';
import type { QueryAnswer, QueryResult, QueryUpdate } from '@arbor/schema/result';

/** Who is alive now: every storage process whose lease has not run out. */
export interface Members {
  live(): Promise<readonly Member[]>;
}

export interface PlanContext {
  readonly timezone: string;
  readonly weekStart: number;
  readonly quarterStart: number;
  readonly nowMs: number;
  /** How many shards will be asked. */
  readonly shardCount: number;
  /** What the project has defined, in the engine's own words (`ResolvedQuery`). */
  readonly definitions?: unknown;
}

/** Queries to plan and ask, and what to do with their results: more queries, or the answer. */
export type QueryStep =
  | {
      readonly type: 'ask';
      readonly queries: readonly Query[];
      /** Also of results that are still growing: what the answer would be if that were all. */
      next(results: readonly QueryResult[]): QueryStep;
    }
  | { readonly type: 'answer'; readonly result: QueryResult };

/**
 * The two halves of the engine that run here. Plans and partial results are the engine's own: the
 * query server hands them on and never looks inside.
 */
export interface QueryEngine {
  /** What to plan for a query. Throws like `plan`. */
  compose(query: Query, context: PlanContext): QueryStep;
  /** Throws an `EngineError` INVALID_QUERY whose text is for whoever asked. */
  plan(query: Query, context: PlanContext): unknown;
  /** Shards cannot be asked apart: one storage process answers for all of the project (`LqsQuery.together`). */
  isTogether(plan: unknown): boolean;
  /** Partial results of any shards, in any order. */
  merge(plan: unknown, partials: readonly unknown[], followUp?: readonly unknown[]): QueryResult;
  /**
   * What is left to ask once every shard has answered; its partial results are the last argument of
   * `merge`. Null = nothing.
   */
  followUp(plan: unknown, partials: readonly unknown[]): unknown;
}

/** Who of a project lies where (docs/decisions/0002). */
export interface ProjectMoves {
  /**
   * Resolves when nobody is on his way whose rows are not where they belong yet; with what to say to storage processes.
   * Undefined where a project lies on one shard.
   */
  settled(
    project: Pick<QueriedProject, 'id' | 'spread'>,
    signal: AbortSignal,
  ): Promise<LqsMoves | undefined>;
}

/** The part of a project that a query depends on. */
export interface QueriedProject {
  readonly id: number;
  readonly timezone: string;
  readonly weekStart: number;
  readonly quarterStart: number;
  readonly spread: number;
  /** Which state of its definitions whoever asks knows of, at least. */
  readonly definitionsVersion: number;
}

/** Puts what a project has saved into a query, before it is planned. */
export interface SavedInQueries {
  /** Throws ApiError INVALID_QUERY for what does not exist. `definitions` is for planning the query. */
  resolve(
    project: QueriedProject,
    query: Query,
  ): Promise<{ readonly query: Query; readonly definitions: unknown }>;
}

export interface RunQuery {
  readonly project: QueriedProject;
  readonly query: Query;
  /** Aborted when the caller goes away: nothing is computed for nobody. */
  readonly signal: AbortSignal;
  /** Progress and partial results; the result itself is the return value. */
  readonly onUpdate?: (update: QueryUpdate) => void;
  readonly zone?: string | undefined;
  /** About the profiles of the project's groups instead of its users, each named as `groupUser` says. */
  readonly groups?: boolean;
}

/** The distributed query server (architecture 6): plan, scatter over the shards, merge as they answer. */
export interface QueryService {
  /** Throws ApiError: INVALID_QUERY, OVERLOADED, TIMEOUT, UNAVAILABLE, CANCELLED or INTERNAL. */
  run(request: RunQuery): Promise<QueryAnswer>;
}

export interface NamesRequest {
  readonly project: QueriedProject;
  readonly values?: NonNullable<LqsNamesRequest['values']>;
  readonly signal: AbortSignal;
}

/** What the pickers of the dashboard list, over all shards of a project. */
export interface NamesService {
  names(request: NamesRequest): Promise<LqsNames>;
}

/** What is said of users, by canonical id; those without a profile are left out. */
export interface ProfilesService {
  profiles(request: {
    readonly project: QueriedProject;
    readonly users: readonly string[];
    /** As of `RunQuery`. */
    readonly groups?: boolean;
    readonly signal: AbortSignal;
  }): Promise<ReadonlyMap<string, Properties>>;
}

export interface ExportRequest {
  readonly project: QueriedProject;
  /** Both inclusive. */
  readonly range: { readonly from: string; readonly to: string };
  /** Whose days the range is of. */
  readonly timezone: string;
  /** About single events and the profiles of their users. */
  readonly filters: readonly Filter[];
  /** Names as they were sent; null = every event. */
  readonly events: readonly string[] | null;
  /** Events before are left out, ms UTC: where an export that broke off goes on. */
  readonly fromMs: number | null;
  readonly limit: number | null;
  /** `time` in ms instead of seconds. */
  readonly timeInMs: boolean;
  readonly signal: AbortSignal;
}

/** Events as they were sent (`query-api.md` 12). */
export interface ExportService {
  /**
   * Lines of JSON in order of time, each event once, in chunks of any size; nothing is kept here. Throws ApiError like
   * a query; after the first chunk UNAVAILABLE, and what was given so far is not whole.
   */
  lines(request: ExportRequest): AsyncGenerator<Uint8Array>;
}
