import type { FastifyError } from 'fastify';
import { type Failure } from '../answer/failure-answer.ts';
import { jitteredSeconds } from '../answer/retry-after.ts';
import { bodyTooLarge } from '../decode/body-problem.ts';
import { EdgeFailure } from '../edge-failure.ts';
import type { EdgeLogger } from '../ports.ts';

/** Any exception as the failure that the client is told; what is our mistake is logged, not told. */
export function toFailure(
  error: unknown,
  { bytesMax, logger }: { bytesMax: number; logger: EdgeLogger },
): Failure {
  if (error instanceof EdgeFailure) {
    const { code, message } = error;
    if (code === 'UNAVAILABLE') logger.error({ err: error.cause }, message);
    const status = code === 'OVERLOADED' ? 429 : 503;
    return { status, error: message, retryAfterSeconds: jitteredSeconds(error.retryAfterSeconds) };
  }
  const { code, statusCode, message } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return { status: 413, error: bodyTooLarge(bytesMax).message };
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, error: message ?? 'bad request' };
  }
  logger.error({ err: error }, 'edge: request failed');
  return { status: 500, error: 'internal error. Please retry the request.' };
}
