import type http from 'node:http';
import { exportRows } from '@arbor/engine/export';
import type { Plan } from '@arbor/engine/plan';
import type { LqsExport } from '@arbor/schema/lqs';
import { workerLimits } from '../limits.ts';
import { drained } from './drained.ts';
import { LqsError, type RunQueryOptions, shardHere, snapshotFor } from './run-query.ts';

export const exportType = 'application/jsonl';

/** Exports that are being written in this process. */
let running = 0;

/**
 * Writes an export, as fast as it is read: a thread of its own makes the next lines when the last ones were taken.
 * Rejects with what the engine says; then the answer is not whole, and must not end as if it were.
 */
export async function streamExport(
  { shards, moveEpochs }: Pick<RunQueryOptions, 'shards' | 'moveEpochs'>,
  response: http.ServerResponse,
  { plan, shards: asked, moves, ...wanted }: LqsExport,
): Promise<void> {
  if (running >= workerLimits.exportsAtOnce) {
    throw new LqsError(429, 'OVERLOADED', `${running} exports run here already`);
  }
  const { project } = wanted;
  const stores = asked.map((shard) => ({ shard, store: shardHere(shards, shard) }));
  const left = new AbortController();
  response.on('close', () => left.abort(new LqsError(499, 'CANCELLED', 'the caller went away')));
  running++;
  try {
    // The plan was made and checked by our own planner; the cluster key proves it.
    const request = { ...wanted, plan: reportOf(plan as Plan) };
    const snapshots = () =>
      stores.map(({ shard, store }) => snapshotFor({ project, moves }, shard, store, moveEpochs));
    for await (const lines of exportRows(request, snapshots, { signal: left.signal })) {
      if (!response.headersSent) response.writeHead(200, { 'content-type': exportType });
      if (!response.write(lines)) await drained(response);
      left.signal.throwIfAborted();
    }
  } catch (error) {
    if (!left.signal.aborted) throw error;
    return;
  } finally {
    running--;
  }
  if (!response.headersSent) response.writeHead(200, { 'content-type': exportType });
  response.end();
}

function reportOf(plan: Plan): Extract<Plan, { type: 'insights' }> {
  if (plan.type === 'insights') return plan;
  throw new LqsError(400, 'BAD_REQUEST', `plan: must be one of insights, not of ${plan.type}`);
}
