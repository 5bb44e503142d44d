import { EngineError } from '@arbor/engine/errors';
import { shardsOfProject } from '@arbor/engine/placement';
import type { Logger } from '@arbor/runtime/logger';
import { histogram } from '@arbor/runtime/metrics';
import type { QueryAnswer, QueryUpdate } from '@arbor/schema/result';
import { ApiError, toApiError } from '../errors.ts';
import { Admission } from './admission.ts';
import type { LqsClient, ShardAnswer } from './lqs-client.ts';
import { ReplicaError } from './lqs-client.ts';
import type { Members, QueryEngine, QueryService, RunQuery, SavedInQueries } from './ports.ts';
import { scatter } from './scatter.ts';

export interface QueryServiceDeps {
  readonly engine: QueryEngine;
  readonly saved: SavedInQueries;
  readonly members: Members;
  readonly lqs: LqsClient;
  readonly shardCount: number;
  readonly clock: () => number;
  readonly logger: Logger;
  readonly limits?: Partial<QueryLimits>;
}

export interface QueryLimits {
  readonly timeLimitMs: number;
  /** Least time between two partial results: faster than this nobody sees a chart change. */
  readonly partialEveryMs: number;
  readonly perProjectMax: number;
  readonly totalMax: number;
  readonly waitingMax: number;
}

/**
 * A dashboard of a dozen charts opens at once: four run, the others wait their turn. The total keeps
 * merges from piling up in the memory of one process.
 */
const defaultLimits: QueryLimits = {
  timeLimitMs: 30_000,
  partialEveryMs: 100,
  perProjectMax: 4,
  totalMax: 16,
  waitingMax: 60,
};

const querySeconds = histogram({
  name: 'arbor_query_seconds',
  help: 'Time from the request of a query to its answer, waiting included.',
  labels: ['type', 'outcome'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});

export function createQueryService(deps: QueryServiceDeps): QueryService {
  const limits = { ...defaultLimits, ...deps.limits };
  const admission = new Admission(limits);
  let turn = 0;
  return {
    run: async (request) => {
      const started = performance.now();
      const timeLimit = AbortSignal.timeout(limits.timeLimitMs);
      const signal = AbortSignal.any([request.signal, timeLimit]);
      let outcome: string = 'OK';
      try {
        return await admission.run(request.project.id, signal, () =>
          execute(deps, { ...request, signal }, { limits, turn: turn++ }),
        );
      } catch (error) {
        const explained = request.signal.aborted
          ? new ApiError('CANCELLED', 'the query was cancelled', { cause: error })
          : timeLimit.aborted
            ? timeLimitError(limits, error)
            : explain(error);
        outcome = toApiError(explained).code;
        throw explained;
      } finally {
        const seconds = (performance.now() - started) / 1000;
        querySeconds.observe({ type: request.query.type, outcome }, seconds);
      }
    },
  };
}

function timeLimitError({ timeLimitMs }: QueryLimits, cause: unknown): ApiError {
  return new ApiError('TIMEOUT', `the query took more than ${timeLimitMs / 1000} s`, { cause });
}

async function execute(
  deps: QueryServiceDeps,
  request: RunQuery,
  { limits, turn }: { readonly limits: QueryLimits; readonly turn: number },
): Promise<QueryAnswer> {
  const { engine, shardCount, clock } = deps;
  const { project } = request;
  const started = clock();
  const { query, definitions } = await deps.saved.resolve(project, request.query);
  const { timezone, weekStart } = project;
  const shards = shardsOfProject({ project: project.id, spread: project.spread, shardCount });
  const context = { timezone, weekStart, nowMs: started, shardCount: shards.length, definitions };
  const plan = engine.plan(query, context);
  const first: Round = { plan, shards, turn, answers: [], zones: new Set() };
  const answer = (second?: Round): QueryAnswer => ({
    result: engine.merge(plan, partialsOf(first), second && partialsOf(second)),
    info: {
      serverTimeMs: clock() - started,
      rowsScanned: rowsOf(first) + (second ? rowsOf(second) : 0),
      shards: first.answers.length,
      zones: [...new Set([...first.zones, ...(second?.zones ?? [])])].sort(),
      timezone,
    },
  });
  const updates = new Updates({ ...request, total: shards.length, answer, clock, limits });
  updates.progress(0);
  await askShards(deps, request, first, updates);
  const followUp = engine.followUp(plan, partialsOf(first));
  if (followUp === null) return answer();
  // What is known already is most of the answer: it is shown while the rest is asked.
  request.onUpdate?.({ type: 'partial', answer: answer() });
  const second: Round = { ...first, plan: followUp, answers: [], zones: new Set() };
  await askShards(deps, request, second, null);
  return answer(second);
}

/** One plan, and what the shards have answered to it so far. */
interface Round {
  readonly plan: unknown;
  readonly shards: readonly number[];
  readonly turn: number;
  readonly answers: ShardAnswer[];
  readonly zones: Set<string>;
}

const partialsOf = ({ answers }: Round): unknown[] => answers.flatMap(({ partials }) => partials);

const rowsOf = ({ answers }: Round): number =>
  answers.reduce((sum, { rowsScanned }) => sum + rowsScanned, 0);

/** Resolves when every shard has answered. `updates` null = nobody is told how far it is. */
async function askShards(
  { members, lqs, logger }: QueryServiceDeps,
  { project, signal, zone }: RunQuery,
  { plan, shards, turn, answers, zones }: Round,
  updates: Updates | null,
): Promise<void> {
  await scatter({
    shards: [...shards],
    members,
    zone,
    signal,
    turn,
    logger,
    ask: (member, asked, { signal: askSignal, onDone }) => {
      const missing = new Set(asked);
      const part = updates?.part();
      return lqs
        .query(
          member,
          { version: 1, project: project.id, shards: [...asked], plan },
          {
            signal: askSignal,
            onShard: (shardAnswer) => {
              answers.push(shardAnswer);
              zones.add(member.zone);
              missing.delete(shardAnswer.shard);
              part?.oneDone();
              onDone(shardAnswer.shard);
              updates?.progress(answers.length);
            },
            onProgress: (done) => part?.underWay(done - (asked.length - missing.size)),
          },
        )
        .finally(() => part?.underWay(0));
    },
  });
}

/** Tells the caller how far the query is; merges what is there so far, but not more often than is worth it. */
class Updates {
  readonly #onUpdate: ((update: QueryUpdate) => void) | undefined;
  readonly #total: number;
  readonly #answer: () => QueryAnswer;
  readonly #clock: () => number;
  readonly #everyMs: number;
  /** Share of shards that are asked and not done, by request. */
  readonly #underWay = new Map<object, number>();
  #nextPartialAt: number;
  #done = 0;

  constructor(options: {
    readonly onUpdate?: (update: QueryUpdate) => void;
    readonly total: number;
    readonly answer: () => QueryAnswer;
    readonly clock: () => number;
    readonly limits: QueryLimits;
  }) {
    this.#onUpdate = options.onUpdate;
    this.#total = options.total;
    this.#answer = options.answer;
    this.#clock = options.clock;
    this.#everyMs = options.limits.partialEveryMs;
    this.#nextPartialAt = this.#clock() + this.#everyMs;
  }

  /** One request to a storage process: how much of what it still owes is done, in shards. */
  part(): { underWay(share: number): void; oneDone(): void } {
    const request = {};
    const set = (share: number): void => void this.#underWay.set(request, Math.max(0, share));
    return {
      underWay: (share) => {
        set(share);
        if (share > 0) this.#tell();
      },
      oneDone: () => set((this.#underWay.get(request) ?? 0) - 1),
    };
  }

  progress(done: number): void {
    if (this.#onUpdate === undefined) return;
    this.#done = done;
    this.#tell();
    const now = this.#clock();
    if (done === 0 || done === this.#total || now < this.#nextPartialAt) return;
    this.#onUpdate({ type: 'partial', answer: this.#answer() });
    // A merge that takes long is repeated less often: at most a fifth of the time goes into partials.
    const tookMs = this.#clock() - now;
    this.#nextPartialAt = now + Math.max(this.#everyMs, 5 * tookMs);
  }

  #tell(): void {
    let done = this.#done;
    for (const share of this.#underWay.values()) done += share;
    this.#onUpdate?.({ type: 'progress', done: Math.min(done, this.#total), total: this.#total });
  }
}

/** What went wrong, for the caller. Texts of storage processes are for the log, not for customers. */
function explain(error: unknown): unknown {
  if (error instanceof EngineError && error.code === 'INVALID_QUERY') {
    return new ApiError('INVALID_QUERY', error.message, { cause: error });
  }
  if (error instanceof ReplicaError) {
    return new ApiError('INTERNAL', 'a storage process refused the query', { cause: error });
  }
  return error;
}
