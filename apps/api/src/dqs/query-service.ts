import { EngineError } from '@arbor/engine/errors';
import type { Logger } from '@arbor/runtime/logger';
import { histogram } from '@arbor/runtime/metrics';
import type { LqsMoves } from '@arbor/schema/lqs';
import type { QueryAnswer, QueryInfo, QueryResult } from '@arbor/schema/result';
import { ApiError, toApiError } from '../errors.ts';
import { Admission } from './admission.ts';
import type { LqsClient, ShardAnswer } from './lqs-client.ts';
import { ReplicaError, StalePlanError } from './lqs-client.ts';
import type {
  Members,
  ProjectMoves,
  QueryEngine,
  QueryService,
  RunQuery,
  SavedInQueries,
} from './ports.ts';
import { placeOf } from './place-of.ts';
import { QueryUpdates } from './query-updates.ts';
import { scatter } from './scatter.ts';

export interface QueryServiceDeps {
  readonly engine: QueryEngine;
  readonly saved: SavedInQueries;
  readonly members: Members;
  readonly lqs: LqsClient;
  readonly moves: ProjectMoves;
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
          planAndAsk(deps, { ...request, signal }, { limits, turn: turn++ }),
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

/** Users may move again and again while a query runs; each time its plan is good for as long as a query takes. */
const plansMax = 20;

async function planAndAsk(
  deps: QueryServiceDeps,
  request: RunQuery,
  options: { readonly limits: QueryLimits; readonly turn: number },
): Promise<QueryAnswer> {
  for (let plans = 1; ; plans++) {
    // Groups never move: each shard has all of them.
    const moves = request.groups
      ? undefined
      : await deps.moves.settled(request.project, request.signal);
    try {
      return await execute(deps, { ...request, moves }, options);
    } catch (error) {
      if (!(error instanceof StalePlanError)) throw error;
      if (plans < plansMax) continue;
      const problem = `users have moved between shards ${plansMax} times while the query ran`;
      throw new ApiError('UNAVAILABLE', problem, { retryAfterSeconds: 1, cause: error });
    }
  }
}

/** A query by what is known of the moves of users. */
interface PlacedQuery extends RunQuery {
  readonly moves: LqsMoves | undefined;
}

async function execute(
  deps: QueryServiceDeps,
  request: PlacedQuery,
  { limits, turn }: { readonly limits: QueryLimits; readonly turn: number },
): Promise<QueryAnswer> {
  const { engine, shardCount, clock } = deps;
  const { project } = request;
  const started = clock();
  const { query, definitions } = await deps.saved.resolve(project, request.query);
  const { timezone, weekStart, quarterStart } = project;
  const { shards } = placeOf(request, shardCount);
  const context = {
    timezone,
    weekStart,
    quarterStart,
    nowMs: started,
    shardCount: shards.length,
    definitions,
  };
  const parts: Part[] = [];
  let step = engine.compose(query, context);
  const answerOf = (result: QueryResult): QueryAnswer => ({
    result,
    info: { ...infoOf(parts), serverTimeMs: clock() - started, timezone },
  });
  /** Of what is there by now; null = other questions must be asked before anything is known. */
  const answerSoFar = (asked: readonly Part[]): QueryAnswer | null => {
    const next =
      step.type === 'ask' ? step.next(asked.map((part) => resultOf(engine, part))) : step;
    return next.type === 'answer' ? answerOf(next.result) : null;
  };
  const updates = new QueryUpdates({ ...request, clock, limits });
  while (step.type === 'ask') {
    const asked = step.queries.map((part): Part => {
      const plan = engine.plan(part, context);
      const isTogether = shards.length > 1 && engine.isTogether(plan);
      const first = { plan, shards, isTogether, turn, answers: [], zones: new Set<string>() };
      return { first, second: null };
    });
    parts.push(...asked);
    const shardAnswers = asked.reduce((sum, { first }) => sum + answeringShards(first).length, 0);
    updates.expect(shardAnswers, () => answerSoFar(asked));
    await askParts(deps, request, asked, updates);
    step = step.next(asked.map((part) => resultOf(engine, part)));
  }
  return answerOf(step.result);
}

/** One of the queries that a query is made of: almost always it is the only one. */
interface Part {
  readonly first: Round;
  /** What was left to ask once all shards had answered. */
  second: Round | null;
}

/** One plan, and what the shards have answered to it so far. */
interface Round {
  readonly plan: unknown;
  readonly shards: readonly number[];
  /** One storage process answers for all of them, under the first. */
  readonly isTogether: boolean;
  readonly turn: number;
  readonly answers: ShardAnswer[];
  readonly zones: Set<string>;
}

/** Scans of one query side by side: the storage processes share their threads among all that are asked. */
const partsAtOnce = 4;

/** Asks all shards for every part. */
async function askParts(
  deps: QueryServiceDeps,
  request: PlacedQuery,
  parts: readonly Part[],
  updates: QueryUpdates,
): Promise<void> {
  const waiting = [...parts];
  const failed = new AbortController();
  const own = { ...request, signal: AbortSignal.any([request.signal, failed.signal]) };
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      await askPart(deps, own, part, updates);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(partsAtOnce, parts.length) }, work));
  } catch (error) {
    // The others would be asked for an answer that cannot come any more.
    failed.abort();
    throw error;
  }
}

async function askPart(
  deps: QueryServiceDeps,
  request: PlacedQuery,
  part: Part,
  updates: QueryUpdates,
): Promise<void> {
  const { first } = part;
  await askShards(deps, request, first, updates);
  const followUp = deps.engine.followUp(first.plan, partialsOf(first));
  if (followUp === null) return;
  // What is known already is most of the answer: it is shown while the rest is asked.
  updates.partial();
  const second: Round = { ...first, plan: followUp, answers: [], zones: new Set() };
  await askShards(deps, request, second, null);
  part.second = second;
}

function resultOf(engine: QueryEngine, { first, second }: Part): QueryResult {
  return engine.merge(first.plan, partialsOf(first), second ? partialsOf(second) : undefined);
}

function infoOf(parts: readonly Part[]): Pick<QueryInfo, 'rowsScanned' | 'shards' | 'zones'> {
  const rounds = parts.flatMap(({ first, second }) => (second ? [first, second] : [first]));
  return {
    rowsScanned: rounds.reduce((sum, round) => sum + rowsOf(round), 0),
    shards: Math.max(0, ...parts.map(({ first }) => shardsAnswered(first))),
    zones: [...new Set(rounds.flatMap(({ zones }) => [...zones]))].sort(),
  };
}

const shardsAnswered = ({ shards, isTogether, answers }: Round): number =>
  isTogether ? answers.length * shards.length : answers.length;

/** Under which shards answers come. */
const answeringShards = ({ shards, isTogether }: Round): readonly number[] =>
  isTogether ? shards.slice(0, 1) : shards;

const partialsOf = ({ answers }: Round): unknown[] => answers.flatMap(({ partials }) => partials);

const rowsOf = ({ answers }: Round): number =>
  answers.reduce((sum, { rowsScanned }) => sum + rowsScanned, 0);

/** Resolves when every shard has answered. `updates` null = nobody is told how far it is. */
async function askShards(
  { members, lqs, logger, shardCount }: QueryServiceDeps,
  request: PlacedQuery,
  round: Round,
  updates: QueryUpdates | null,
): Promise<void> {
  const { signal, zone, moves } = request;
  const { stored } = placeOf(request, shardCount);
  const { plan, shards, isTogether, turn, answers, zones } = round;
  await scatter({
    shards: answeringShards(round),
    members: isTogether ? havingAll(members, shards) : members,
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
          {
            version: 1,
            project: stored,
            shards: isTogether ? [...shards] : [...asked],
            plan,
            ...(isTogether && { together: true }),
            ...(moves !== undefined && { moves }),
          },
          {
            signal: askSignal,
            onShard: (shardAnswer) => {
              answers.push(shardAnswer);
              zones.add(member.zone);
              missing.delete(shardAnswer.shard);
              part?.oneDone();
              onDone(shardAnswer.shard);
              updates?.oneDone();
            },
            onProgress: (done) => part?.underWay(done - (asked.length - missing.size)),
          },
        )
        .finally(() => part?.underWay(0));
    },
  });
}

/** Those of the storage processes that have all of the shards. */
function havingAll(members: Members, shards: readonly number[]): Members {
  return {
    live: async () => {
      const live = await members.live();
      const having = live.filter((one) => shards.every((shard) => one.shards.includes(shard)));
      if (having.length > 0 || live.length === 0) return having;
      throw new ApiError(
        'UNAVAILABLE',
        `groups are counted where all shards of the project lie, and no storage process has all of ${shards.join(', ')}`,
        { retryAfterSeconds: 1 },
      );
    },
  };
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
