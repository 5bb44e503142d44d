import type { Logger } from '@arbor/runtime/logger';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError, toApiError } from '../errors.ts';
import { describeIssues, startLower } from '../describe-issues.ts';

/** Answers every error with `{ "error": { code, message, help } }` and its status. */
export function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = translateError(error);
    if (answer.code === 'INTERNAL') {
      logger.error({ err: answer.cause ?? error, route: routeOf(request) }, 'a request failed');
    } else if (answer.status >= 500) {
      const route = routeOf(request);
      logger.info({ route, reason: answer.message }, 'a request could not be served');
    }
    return sendError(reply, answer);
  });
}

/** Not the address that was asked for: it may name a user, and logs must hold nobody who may be erased. */
const routeOf = ({ method, routeOptions }: FastifyRequest): string =>
  `${method} ${routeOptions.url ?? ''}`;

export function answerUnknownPaths(app: FastifyInstance): void {
  app.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    return sendError(reply, new ApiError('NOT_FOUND', `there is no ${request.method} ${path}`));
  });
}

export function sendError(reply: FastifyReply, error: ApiError): FastifyReply {
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Basic realm="arbor"');
  return reply.code(error.status).send({ error: error.body() });
}

/** Any error as one of ours: what zod or the framework found wrong with a request is INVALID_REQUEST. */
export function translateError(error: FastifyError): ApiError {
  if (error instanceof z.ZodError) return new ApiError('INVALID_REQUEST', describeIssues(error));
  // Schemas recurse; nothing else in a request does.
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return new ApiError('INVALID_REQUEST', 'the request is nested too deeply', { cause: error });
  }
  // What the framework found wrong with the request itself: no JSON, too large, another media type.
  if (!(error instanceof ApiError) && error.statusCode !== undefined && error.statusCode < 500) {
    const code = error.statusCode === 413 ? 'TOO_LARGE' : 'INVALID_REQUEST';
    return new ApiError(code, startLower(error.message), { cause: error });
  }
  return toApiError(error);
}
