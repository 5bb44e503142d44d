import { executePlan } from '@arbor/engine/exec';
import type { Plan } from '@arbor/engine/plan';
import type { LqsLine, LqsQuery } from '@arbor/schema/lqs';
import { queryShardSeconds } from '../metrics.ts';

type ShardView = Parameters<typeof executePlan>[1];

/** The part of a shard's store that queries read. */
export interface QueryableShard {
  /** A consistent snapshot of one project; another project's rows are not in it. */
  view(project: number): ShardView;
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

/**
 * Answers a query shard by shard. After each one the event loop gets a turn, so that batches are
 * stored and leases renewed while a long query runs; `cancelled` is looked at there.
 */
export async function* runQuery(options: {
  query: LqsQuery;
  shards: ReadonlyMap<number, QueryableShard>;
  cancelled: () => boolean;
}): AsyncGenerator<LqsLine> {
  const { query, shards, cancelled } = options;
  const stores = query.shards.map((shard) => [shard, shardHere(shards, shard)] as const);
  // The plan was made and checked by our own planner; the cluster key proves it.
  const plan = query.plan as Plan;
  for (const [shard, store] of stores) {
    if (cancelled()) return;
    const done = queryShardSeconds.startTimer();
    const view = store.view(query.project);
    const partial = executePlan(plan, view);
    done();
    yield { type: 'shard', shard, rowsScanned: view.rowCount, partial };
    await new Promise((resolve) => setImmediate(resolve));
  }
  yield { type: 'end' };
}

export function shardHere<Shard>(shards: ReadonlyMap<number, Shard>, shard: number): Shard {
  const found = shards.get(shard);
  if (found !== undefined) return found;
  throw new LqsError(404, 'SHARD_NOT_HERE', `shard ${shard} is not kept by this process`);
}
