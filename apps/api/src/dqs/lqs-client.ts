import type { IncomingMessage } from 'node:http';
import { detachLists } from '@arbor/engine/plan-lists';
import type { Member } from '@arbor/schema/cluster';
import type {
  LqsNames,
  LqsNamesRequest,
  LqsProfiles,
  LqsProfilesRequest,
  LqsQuery,
} from '@arbor/schema/lqs';
import {
  clusterKeyHeader,
  lqsLineSchema,
  lqsNamesSchema,
  lqsProfilesSchema,
} from '@arbor/schema/lqs';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { requestStorage, textOf } from './storage-request.ts';

/**
 * One storage process could not answer. `rejected` = it understood and refused, so another replica
 * would refuse as well; otherwise the same question may be asked elsewhere.
 */
export class ReplicaError extends Error {
  override readonly name = 'ReplicaError';
  readonly rejected: boolean;

  constructor(message: string, options: { rejected?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.rejected = options.rejected ?? false;
  }
}

/** Users have moved between shards since the query was planned: it must be planned anew, or some are counted twice. */
export class StalePlanError extends Error {
  override readonly name = 'StalePlanError';
}

export interface ShardAnswer {
  readonly shard: number;
  readonly rowsScanned: number;
  readonly partials: readonly unknown[];
}

/** Speaks to storage processes as `packages/schema/src/lqs.ts` says, over connections that are kept alive. */
export interface LqsClient {
  /**
   * Calls `onShard` as each shard is done, and `onProgress` meanwhile with how many are, those under way
   * by their share; resolves when all were done. Throws ReplicaError otherwise, or
   * ApiError INVALID_QUERY where the shards find that the query itself cannot be answered, StalePlanError where it must be
   * planned anew.
   */
  query(
    member: Member,
    request: LqsQuery,
    options: {
      signal: AbortSignal;
      onShard: (answer: ShardAnswer) => void;
      onProgress: (done: number) => void;
    },
  ): Promise<void>;
  names(member: Member, request: LqsNamesRequest, signal: AbortSignal): Promise<LqsNames>;
  profiles(member: Member, request: LqsProfilesRequest, signal: AbortSignal): Promise<LqsProfiles>;
}

/** A partial result larger than this is a fault, not an answer: it would not fit in memory merged. */
const lineCharactersMax = 256 * 1024 * 1024;

/** The names of a thousand lists. */
const problemCharactersMax = 100_000;

export function createLqsClient(clusterKey: string): LqsClient {
  return {
    query: async (member, request, { signal, onShard, onProgress }) => {
      // Asked together, the first answers for all.
      const missing = new Set(request.together ? request.shards.slice(0, 1) : request.shards);
      const response = await postQuery(member, clusterKey, request, signal);
      for await (const text of linesOf(member, response, signal)) {
        const line = parseLine(member, text);
        if (line.type === 'error') {
          throw problemOfQuery(line) ?? new ReplicaError(`${member.name}: ${line.message}`);
        }
        // What follows is the end of the stream: read to there, the connection can serve the next query.
        if (line.type === 'end') continue;
        if (line.type === 'progress') {
          onProgress(line.done);
          continue;
        }
        if (!missing.delete(line.shard)) {
          throw new ReplicaError(
            `${member.name} answered shard ${line.shard}, which was not asked`,
          );
        }
        const { shard, rowsScanned, partials = [line.partial] } = line;
        onShard({ shard, rowsScanned, partials });
      }
      if (missing.size > 0) {
        throw new ReplicaError(`${member.name} ended without shards ${[...missing].join(', ')}`);
      }
    },
    names: async (member, request, signal) => {
      const response = await post(member, '/lqs/names', clusterKey, request, signal);
      return read(member, response, lqsNamesSchema, signal);
    },
    profiles: async (member, request, signal) => {
      const response = await post(member, '/lqs/profiles', clusterKey, request, signal);
      return read(member, response, lqsProfilesSchema, signal);
    },
  };
}

/** A short answer, whole. */
async function read<Schema extends z.ZodType>(
  member: Member,
  response: IncomingMessage,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  try {
    return schema.parse(JSON.parse(await textOf(response)));
  } catch (cause) {
    signal.throwIfAborted();
    throw new ReplicaError(`${member.name} did not answer as the protocol says`, { cause });
  }
}

/** One after the other may be put out there by the lists of other queries. */
const listRoundsMax = 3;

/** Long lists of the plan are sent where they are not known yet, each once. */
async function postQuery(
  member: Member,
  clusterKey: string,
  request: LqsQuery,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { plan, lists } = detachLists(request.plan);
  for (let round = 0; ; round++) {
    try {
      return await post(member, '/lqs/query', clusterKey, { ...request, plan }, signal);
    } catch (error) {
      if (!(error instanceof MissingLists) || round >= listRoundsMax) throw error;
      for (const name of error.names) {
        const list = lists.get(name);
        if (list === undefined) throw error;
        const path = `/lqs/lists/${name}`;
        const stored = await send(member, path, {
          method: 'PUT',
          clusterKey,
          body: list.bytes,
          signal,
        });
        stored.resume();
      }
    }
  }
}

/** The storage process lacks lists that the plan names. Another one would have to be sent them as well. */
class MissingLists extends ReplicaError {
  readonly names: readonly string[];

  constructor(message: string) {
    super(message);
    this.names = message.match(/\b[0-9a-f]{64}\b/g) ?? [];
  }
}

export function post(
  member: Member,
  path: string,
  clusterKey: string,
  body: object,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return send(member, path, { method: 'POST', clusterKey, body: JSON.stringify(body), signal });
}

interface Sent {
  readonly method: 'POST' | 'PUT';
  readonly clusterKey: string;
  readonly body: string | Uint8Array;
  readonly signal: AbortSignal;
}

async function send(
  member: Member,
  path: string,
  { method, clusterKey, body, signal }: Sent,
): Promise<IncomingMessage> {
  let response: IncomingMessage;
  try {
    response = await requestStorage(new URL(path, member.url), {
      method,
      headers: { 'content-type': 'application/json', [clusterKeyHeader]: clusterKey },
      body,
      signal,
    });
  } catch (cause) {
    signal.throwIfAborted();
    throw new ReplicaError(`${member.name} at ${member.url} cannot be reached`, { cause });
  }
  const { statusCode: status = 0 } = response;
  if (status >= 200 && status < 300) return response;
  const text = (await textOf(response).catch(() => '')).slice(0, problemCharactersMax);
  const problem = parseProblem(text);
  const ofQuery = problemOfQuery(problem);
  if (ofQuery !== undefined) throw ofQuery;
  if (problem?.code === 'LIST_MISSING') throw new MissingLists(problem.message);
  // 404 = the shard is not kept there, 429 = not now: another replica may well answer.
  const rejected = status >= 400 && status < 500 && ![404, 429].includes(status);
  throw new ReplicaError(`${member.name} answered ${status}: ${text}`, { rejected });
}

const problemSchema = z.object({ code: z.string(), message: z.string() });
type Problem = z.infer<typeof problemSchema>;

function parseProblem(text: string): Problem | undefined {
  try {
    return problemSchema.parse(JSON.parse(text));
  } catch {
    // Whatever answered, it was no storage process of ours.
    return undefined;
  }
}

/**
 * Some faults of a query show only where the rows are: more segments than fit into memory, a sum
 * beyond every number. The text is the engine's, written for whoever asked; no other replica knows better. Nor does another
 * replica answer a stale plan rightly.
 */
function problemOfQuery(problem: Problem | undefined): ApiError | StalePlanError | undefined {
  if (problem?.code === 'STALE_PLAN') return new StalePlanError(problem.message);
  if (problem?.code !== 'INVALID_QUERY') return undefined;
  return new ApiError('INVALID_QUERY', problem.message);
}

function parseLine(member: Member, text: string): ReturnType<typeof lqsLineSchema.parse> {
  try {
    return lqsLineSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ReplicaError(`${member.name} sent a line that is not of the protocol`, { cause });
  }
}

/** The lines of a streamed body. Ends at the end of the stream; a cut connection throws. */
async function* linesOf(
  member: Member,
  response: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  // Pieces of the line that has not ended yet: joined once, so that a long line costs no more than its length.
  let pieces: string[] = [];
  let characters = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n');
      pieces.push(first);
      characters += first.length;
      if (characters > lineCharactersMax) {
        throw new ReplicaError(
          `${member.name} sent a line of over ${lineCharactersMax} characters`,
        );
      }
      for (const other of others) {
        const line = pieces.join('');
        pieces = [other];
        characters = other.length;
        if (line !== '') yield line;
      }
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof ReplicaError) throw cause;
    throw new ReplicaError(`${member.name} broke off its answer`, { cause });
  }
  const last = pieces.join('');
  if (last !== '') yield last;
}
