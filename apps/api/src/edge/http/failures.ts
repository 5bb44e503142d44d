import type { FastifyError } from 'fastify';
import { type Failure } from '../answer/failure-answer.ts';
import { jitteredSeconds } from '../answer/retry-after.ts';
import { bodyTooLarge } from '../decode/body-problem.ts';
import { EdgeFailure } from '../edge-failure.ts';
import type { EdgeLogger } from '../ports.ts';

/** While Redis is away thousands of requests fail for one reason; the log says it once a second. */
const outageLogMs = 1000;

/** Any exception as the failure that the client is told; what is our mistake is logged, not told. */
export function createFailureReader(options: {
  bytesMax: number;
  logger: EdgeLogger;
  clock: () => number;
}): (error: unknown) => Failure {
  const { bytesMax, logger, clock } = options;
  let quietUntil = 0;
  let unlogged = 0;
  const logOutage = ({ message, cause }: EdgeFailure): void => {
    unlogged++;
    if (clock() < quietUntil) return;
    logger.error({ err: cause, requests: unlogged }, `edge: ${message}`);
    quietUntil = clock() + outageLogMs;
    unlogged = 0;
  };

  return (error) => {
    if (error instanceof EdgeFailure) {
      const { code, message } = error;
      if (code === 'FORBIDDEN') return { status: 403, error: message };
      if (code === 'UNAVAILABLE') logOutage(error);
      const status = code === 'OVERLOADED' ? 429 : 503;
      return {
        status,
        error: message,
        retryAfterSeconds: jitteredSeconds(error.retryAfterSeconds ?? 1),
      };
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
  };
}
