import type { IncomingMessage } from 'node:http';
import { EngineError } from '@arbor/engine/errors';
import { shardsOfProject } from '@arbor/engine/placement';
import type { Logger } from '@arbor/runtime/logger';
import type { Member } from '@arbor/schema/cluster';
import type { LqsExport } from '@arbor/schema/lqs';
import { querySchema } from '@arbor/schema/query';
import { ApiError } from '../errors.ts';
import { Admission } from './admission.ts';
import { post, ReplicaError, StalePlanError } from './lqs-client.ts';
import type {
  ExportRequest,
  ExportService,
  Members,
  ProjectMoves,
  QueryEngine,
  SavedInQueries,
} from './ports.ts';

export interface ExportServiceDeps {
  readonly engine: Pick<QueryEngine, 'plan'>;
  readonly saved: SavedInQueries;
  readonly members: Members;
  readonly moves: ProjectMoves;
  readonly clusterKey: string;
  readonly shardCount: number;
  readonly clock: () => number;
  readonly logger: Logger;
}

/** As many as both zones write at once (`workerLimits.exportsAtOnce`); a few more wait for their turn. */
const limits = { perProjectMax: 2, totalMax: 4, waitingMax: 20 };

/** One storage process that has all shards of the project writes the lines, and they are handed on as they come. */
export function createExportService(deps: ExportServiceDeps): ExportService {
  const admission = new Admission(limits);
  return {
    lines: async function* (request) {
      const { project, signal } = request;
      const leave = await enter(admission, project.id, signal);
      try {
        const { response, member } = await begin(deps, request);
        yield* bodyOf(response, member, { signal, logger: deps.logger });
      } finally {
        leave();
      }
    },
  };
}

/** Users may move between shards meanwhile: then it is planned anew, by who lies where now. */
const plansMax = 5;

async function begin(
  deps: ExportServiceDeps,
  request: ExportRequest,
): Promise<{ response: IncomingMessage; member: Member }> {
  const { project, signal } = request;
  for (let plans = 1; ; plans++) {
    const moves = await deps.moves.settled(project, signal);
    const asked = await planned(deps, request);
    try {
      const placed = moves === undefined ? asked : { ...asked, moves };
      return await firstAnswer(deps, placed, signal);
    } catch (error) {
      if (!(error instanceof StalePlanError)) throw error;
      if (plans < plansMax) continue;
      const problem = 'users move between shards just now, ask again';
      throw new ApiError('UNAVAILABLE', problem, { retryAfterSeconds: 1, cause: error });
    }
  }
}

/** Resolves when its turn has come, with what ends it. */
function enter(admission: Admission, project: number, signal: AbortSignal): Promise<() => void> {
  return new Promise((resolve, reject) => {
    admission
      .run(project, signal, () => new Promise<void>((leave) => resolve(leave)))
      .catch((error: unknown) => {
        reject(signal.aborted ? cancelled(error) : (error as Error));
      });
  });
}

const cancelled = (cause: unknown): ApiError =>
  new ApiError('CANCELLED', 'the export was cancelled', { cause });

async function planned(deps: ExportServiceDeps, request: ExportRequest): Promise<LqsExport> {
  const { project, range, timezone, filters, events, fromMs, limit, timeInMs } = request;
  const { query, definitions } = await deps.saved.resolve(
    project,
    querySchema.parse({
      type: 'insights',
      range,
      filters,
      metrics: [{ selector: { anyOf: [{ event: null }] }, measure: { type: 'total' } }],
    }),
  );
  const shards = shardsOfProject({
    project: project.id,
    spread: project.spread,
    shardCount: deps.shardCount,
  });
  const { weekStart, quarterStart } = project;
  const context = {
    timezone,
    weekStart,
    quarterStart,
    nowMs: deps.clock(),
    shardCount: shards.length,
    definitions,
  };
  try {
    const plan = deps.engine.plan(query, context);
    const named = events === null ? null : [...events];
    return {
      version: 1,
      project: project.id,
      shards,
      plan,
      events: named,
      fromMs,
      limit,
      timeInMs,
    };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new ApiError('INVALID_QUERY', error.message, { cause: error });
  }
}

/** Of the first replica that begins to answer. */
async function firstAnswer(
  { members, clusterKey, logger }: ExportServiceDeps,
  asked: LqsExport,
  signal: AbortSignal,
): Promise<{ response: IncomingMessage; member: Member }> {
  const live = await members.live();
  const having = live.filter(
    ({ serving, shards }) => serving && asked.shards.every((shard) => shards.includes(shard)),
  );
  let isBusy = false;
  for (const member of having.toSorted((a, b) => a.lagMs - b.lagMs)) {
    try {
      return { member, response: await post(member, '/lqs/export', clusterKey, asked, signal) };
    } catch (error) {
      if (signal.aborted) throw cancelled(error);
      if (!(error instanceof ReplicaError) || error instanceof StalePlanError) throw error;
      if (error.rejected) {
        throw new ApiError('INTERNAL', 'a storage process refused the export', { cause: error });
      }
      isBusy ||= /\banswered 429\b/.test(error.message);
      logger.info({ member: member.name, reason: String(error) }, 'a replica began no export');
    }
  }
  if (isBusy) {
    throw new ApiError('OVERLOADED', 'every storage process is at other exports, ask again', {
      retryAfterSeconds: 10,
    });
  }
  throw new ApiError(
    'UNAVAILABLE',
    `no storage process answers that has all of the shards ${asked.shards.join(', ')}`,
    { retryAfterSeconds: 1 },
  );
}

/** The body, read as fast as whoever asked takes it. */
async function* bodyOf(
  response: IncomingMessage,
  member: Member,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) yield chunk;
  } catch (cause) {
    if (signal.aborted) throw cancelled(cause);
    logger.error({ err: cause, member: member.name }, 'an export broke off');
    throw new ApiError('UNAVAILABLE', `${member.name} broke off the export`, { cause });
  }
}
