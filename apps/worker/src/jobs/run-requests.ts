import { type DataRequestResult, erasureReceiptSchema } from '@arbor/schema/privacy';
import { cleanDatabases } from './clean-databases.ts';
import type { OpenRequest } from './data-requests.ts';
import { moveRequest, openRequests } from './data-requests.ts';
import {
  advanceErasure,
  beginErasure,
  ErasureError,
  resumeErasure,
  saveWork,
} from './erase-users.ts';
import { type ErasureWork, erasureWorkSchema } from './erasure-work.ts';
import type { JobsContext } from './jobs-context.ts';
import { jobsLimits } from './jobs-limits.ts';

/**
 * Brings every open request as far as it comes now. To be called again and again, by one process at a time. Whatever
 * fails is said with the request and tried again later; a request does not hold up the others.
 */
export async function runRequests(context: JobsContext): Promise<void> {
  const { pool } = context;
  await expireLinks(context);
  for (const request of await openRequests(pool, jobsLimits.retryMs)) {
    try {
      if (request.kind === 'access') await offerAccess(context, request);
      else await runErasure(context, request);
    } catch (error) {
      await fail(context, request, error);
    }
  }
}

/** What is asked for is put together when somebody fetches it: nothing of it is kept anywhere. */
async function offerAccess({ pool, clock }: JobsContext, { id }: OpenRequest): Promise<void> {
  const result: DataRequestResult = { type: 'ready', expiresAt: clock() + jobsLimits.linkMs };
  await moveRequest(pool, id, { from: ['PENDING'], to: 'SUCCESS', result, isOver: true });
}

/** Who a request was about is forgotten when its link has expired. */
async function expireLinks({ pool, clock }: JobsContext): Promise<void> {
  await pool.query(
    `UPDATE data_requests SET distinct_ids = NULL
     WHERE kind = 'access' AND status = 'SUCCESS' AND distinct_ids IS NOT NULL
       AND (result->>'expiresAt')::float8 < $1`,
    [clock()],
  );
}

async function runErasure(context: JobsContext, request: OpenRequest): Promise<void> {
  const { pool, clock, delayMs } = context;
  const { id, status, createdAt, result } = request;
  const startsAt = createdAt + delayMs;
  if (status === 'PENDING') {
    const staging: DataRequestResult = { type: 'staging', startsAt };
    await moveRequest(pool, id, { from: ['PENDING'], to: 'STAGING', result: staging });
  } else if (status === 'STAGING') {
    if (clock() >= startsAt) await beginErasure(context, request);
  } else if (result?.type === 'erasing' || result?.type === 'failed') {
    let work: ErasureWork | null = erasureWorkSchema.parse(result.work);
    if (status === 'FAILURE') {
      work = await resumeErasure(context, work);
      await saveWork(pool, id, work);
    }
    while (work !== null && work.step !== 'disk') {
      const next: ErasureWork | null = await advanceErasure(context, request, work);
      if (next !== null) await saveWork(pool, id, next);
      work = next;
    }
    if (work !== null) await finish(context, request, work);
  }
}

/** The last step: rows are deleted, nobody is named in what follows, and the databases let go of the rest. */
async function finish(context: JobsContext, { id }: OpenRequest, work: ErasureWork): Promise<void> {
  const { pool, clock, pause, logger } = context;
  await pool.query('UPDATE data_requests SET distinct_ids = NULL WHERE id = $1', [id]);
  const refused = await cleanDatabases(context, pause);
  if (refused.length > 0) {
    logger.warn({ refused }, 'an outside server keeps what it holds of deleted rows for a while');
  }
  const receipt = erasureReceiptSchema.parse({
    id,
    ...work.counts,
    finishedAt: new Date(clock()).toISOString(),
  });
  const result: DataRequestResult = { type: 'erased', receipt };
  await moveRequest(pool, id, { from: ['STARTED'], to: 'SUCCESS', result, isOver: true });
  logger.info({ request: id, ...work.counts }, 'users were erased on request');
}

/**
 * The world comes back, and the request with it: it stays as it is, and is tried again with the next look. What cannot go
 * on is told, and tried again much later.
 */
async function fail(
  { pool, logger, onError }: JobsContext,
  { id, result }: OpenRequest,
  error: unknown,
): Promise<void> {
  if (!(error instanceof ErasureError)) {
    return onError(error instanceof Error ? error : new Error(String(error)));
  }
  const { message: reason } = error;
  const { rows } = await pool.query<{ result: { work?: unknown } | null }>(
    'SELECT result FROM data_requests WHERE id = $1',
    [id],
  );
  const work = rows[0]?.result?.work ?? (result !== null && 'work' in result ? result.work : null);
  const failed: DataRequestResult = { type: 'failed', reason, work };
  await moveRequest(pool, id, { from: ['STARTED'], to: 'FAILURE', result: failed, isOver: true });
  logger.error({ request: id, reason }, 'an erasure failed and is tried again');
}
