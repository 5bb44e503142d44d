import {
  type DataRequestResult,
  dataRequestResultSchema,
  type DataRequestStatus,
} from '@arbor/schema/privacy';
import type pg from 'pg';
import { z } from 'zod';

/** A pool or a connection of it. */
export type Queryable = Pick<pg.Pool, 'query'>;

/** A row of `data_requests` that is not over, or failed. */
export interface OpenRequest {
  readonly id: string;
  readonly project: number;
  readonly kind: 'access' | 'erasure';
  readonly status: DataRequestStatus;
  /** As asked; null once they are erased. */
  readonly distinctIds: readonly string[] | null;
  readonly result: DataRequestResult | null;
  /** Ms UTC. */
  readonly createdAt: number;
}

type Row = Omit<OpenRequest, 'distinctIds' | 'result'> & { distinctIds: unknown; result: unknown };

const identifiersSchema = z.array(z.string()).nullable();

/** Oldest first. Those that failed are tried again when that is longer ago than `retryMs`. */
export async function openRequests(database: Queryable, retryMs: number): Promise<OpenRequest[]> {
  const { rows } = await database.query<Row>(
    `SELECT id, project_id AS project, kind, status, distinct_ids AS "distinctIds", result,
       extract(epoch FROM created_at)::float8 * 1000 AS "createdAt"
     FROM data_requests
     WHERE status IN ('PENDING', 'STAGING', 'STARTED')
       OR (status = 'FAILURE' AND ended_at < now() - make_interval(secs => $1::float8 / 1000))
     ORDER BY created_at, id LIMIT 1000`,
    [retryMs],
  );
  return rows.map(({ distinctIds, result, ...row }) => ({
    ...row,
    distinctIds: identifiersSchema.parse(distinctIds),
    result: result === null ? null : dataRequestResultSchema.parse(result),
  }));
}

/** Requests that failed are tried again at once: a new process may have what the one before lacked. */
export async function retryFailed(database: Queryable): Promise<void> {
  await database.query(
    `UPDATE data_requests SET ended_at = 'epoch' WHERE status = 'FAILURE' AND kind = 'erasure'`,
  );
}

/**
 * Takes a request from one of the states to another. False = it was in none of them: it was cancelled, or another process
 * was faster.
 */
export async function moveRequest(
  database: Queryable,
  id: string,
  {
    from,
    to,
    result,
    isOver = false,
  }: {
    readonly from: readonly DataRequestStatus[];
    readonly to: DataRequestStatus;
    readonly result: DataRequestResult;
    /** Nothing more is done about it. */
    readonly isOver?: boolean;
  },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE data_requests SET status = $3, result = $4::jsonb,
       started_at = CASE WHEN $3 = 'STARTED' THEN coalesce(started_at, now()) ELSE started_at END,
       ended_at = CASE WHEN $5 THEN now() END
     WHERE id = $1 AND status = ANY ($2::text[])`,
    [id, from, to, JSON.stringify(result), isOver],
  );
  return rowCount === 1;
}
