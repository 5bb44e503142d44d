import type { Logger } from '@arbor/runtime/logger';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { ApiError } from '../errors.ts';
import { translateError } from '../rest/rest-errors.ts';

/**
 * Errors below Mixpanel's paths look as its clients expect them (`query-api.md` 1.3), whatever threw them: ours,
 * zod's, the framework's. A text and a status; nobody there reads our codes.
 */
export function answerMixpanelErrors(scope: FastifyInstance, logger: Logger): void {
  scope.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = translateError(error);
    if (answer.code === 'INTERNAL') {
      logger.error({ err: answer.cause ?? error, path: pathOf(request.url) }, 'a request failed');
    }
    // Ours has no code of its own for it; these clients look at the status.
    void reply.code(error.statusCode === 413 ? 413 : answer.status);
    return sendMixpanelError(reply, answer, request.url);
  });
}

/** `{"error": …, "request": …, "status": "error"}` under the status that is set; 429 always says when to come back. */
function sendMixpanelError(reply: FastifyReply, error: ApiError, url: string): FastifyReply {
  const retryAfter = error.retryAfterSeconds ?? (error.code === 'OVERLOADED' ? 1 : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Basic realm="arbor"');
  // The query string may hold a secret.
  return reply.send({ error: error.message, request: pathOf(url), status: 'error' });
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
