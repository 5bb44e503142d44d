import type { ScanAnswer, ScanHost } from '@arbor/engine/host';
import type { Plan } from '@arbor/engine/plan';
import type { LqsLine, LqsQuery } from '@arbor/schema/lqs';
import { workerLimits } from '../limits.ts';
import type { MoveEpochs } from './move-epochs.ts';
import { mapBounded } from '../storage/map-bounded.ts';
import { queryRowsScanned, queryShardSeconds } from '../metrics.ts';

type ProjectSnapshot = Parameters<ScanHost['run']>[1];

/** The part of a shard's store that queries read. */
export interface QueryableShard {
  /** A consistent snapshot of one project, without some users; another project's rows are not in it. */
  snapshot(project: number, leftOut?: readonly string[]): ProjectSnapshot;
}

/** A request that cannot be answered here; the DQS asks another replica or tells the user. */
export class LqsError extends Error {
  override readonly name = 'LqsError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface RunQueryOptions {
  readonly query: LqsQuery;
  readonly shards: ReadonlyMap<number, QueryableShard>;
  readonly scanHost: Pick<ScanHost, 'runTogether'>;
  readonly moveEpochs: Pick<MoveEpochs, 'of'>;
  /** Ends the work: nobody reads the answer any more, or it takes too long. */
  readonly signal: AbortSignal;
  /** Takes a line, without its end, in pieces; resolves when the next may come. Lines do not mix. */
  readonly send: (line: readonly Uint8Array[]) => Promise<void>;
}

/**
 * Answers a query on threads of the scan host, a line a shard (or all together) as each is done, then the end. Rejects with
 * what the host says, after which no further line is sent.
 */
export async function runQuery(options: RunQueryOptions): Promise<void> {
  const { query, shards, scanHost, moveEpochs, send } = options;
  const stores = query.shards.map((shard) => ({ shard, store: shardHere(shards, shard) }));
  // The plan was made and checked by our own planner; the cluster key proves it.
  const plan = query.plan as Plan;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const asked = query.together ? [stores] : stores.map((one) => [one]);
  const progress = new Progress(asked.length, send);
  try {
    await mapBounded(asked, workerLimits.queryShardsAtOnce, async (own) => {
      signal.throwIfAborted();
      const done = queryShardSeconds.startTimer();
      const [{ shard }] = own;
      const snapshots = own.map((one) => snapshotFor(query, one.shard, one.store, moveEpochs));
      const answer = await scanHost.runTogether(plan, snapshots, {
        signal,
        oneThreadRowsMax: workerLimits.queryOneThreadRowsMax,
        onProgress: (share) => progress.set(shard, share.done / share.total),
      });
      done();
      queryRowsScanned.inc(answer.rowsScanned);
      progress.set(shard, 1);
      await send(shardLine(shard, answer));
    });
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  await send([line({ type: 'end' })]);
}

/** As the plan knows who lies where. Nothing can be stored between the look at the moves and the snapshot. */
export function snapshotFor(
  { project, moves }: Pick<LqsQuery, 'project' | 'moves'>,
  shard: number,
  store: QueryableShard,
  moveEpochs: Pick<MoveEpochs, 'of'>,
): ProjectSnapshot {
  if (moves === undefined) return store.snapshot(project);
  if (moveEpochs.of(project) > moves.epoch) {
    const problem = `users of project ${project} have moved since the query was planned, plan it again`;
    throw new LqsError(409, 'STALE_PLAN', problem);
  }
  return store.snapshot(project, moves.leftOut.find((one) => one.shard === shard)?.users);
}

/** Tells how far all shards together are, a line at a time. */
class Progress {
  readonly #shardCount: number;
  readonly #send: RunQueryOptions['send'];
  readonly #shares = new Map<number, number>();
  #isSending = false;

  constructor(shardCount: number, send: RunQueryOptions['send']) {
    this.#shardCount = shardCount;
    this.#send = send;
  }

  set(shard: number, share: number): void {
    this.#shares.set(shard, share);
    // The line of a shard says that it is done.
    if (share < 1 && !this.#isSending) void this.#tell();
  }

  async #tell(): Promise<void> {
    this.#isSending = true;
    let done = 0;
    for (const share of this.#shares.values()) done += share;
    await this.#send([line({ type: 'progress', done, total: this.#shardCount })]);
    this.#isSending = false;
  }
}

/** Partial results are JSON already, mostly long: nobody looks inside on the way. */
function shardLine(shard: number, { rowsScanned, partials }: ScanAnswer): Uint8Array[] {
  const head = line({ type: 'shard', shard, rowsScanned, partials: [] });
  const pieces: Uint8Array[] = [head.subarray(0, head.length - ']}'.length)];
  for (const [i, partial] of partials.entries()) {
    if (i > 0) pieces.push(Buffer.from(','));
    pieces.push(partial);
  }
  return [...pieces, Buffer.from(']}')];
}

function line(value: LqsLine): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export function shardHere<Shard>(shards: ReadonlyMap<number, Shard>, shard: number): Shard {
  const found = shards.get(shard);
  if (found !== undefined) return found;
  throw new LqsError(404, 'SHARD_NOT_HERE', `shard ${shard} is not kept by this process`);
}
