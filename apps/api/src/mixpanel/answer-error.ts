import type { Logger } from '@arbor/runtime/logger';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { ApiError } from '../errors.ts';
import { translateError } from '../rest/rest-errors.ts';

/**
 * Errors below Mixpanel's paths look as its clients expect them (`query-api.md` 1.3), whatever threw them: ours,
 * zod's, the framework's. A text and a status; nobody there reads our codes.
 */
export function answerMixpanelErrors(
  scope: FastifyInstance,
  logger: Logger,
  bodyOf: (error: ApiError, path: string) => object = queryErrorBody,
): void {
  scope.setErrorHandler((error: FastifyError, request, reply) => {
    const answer = translateError(error);
    if (answer.code === 'INTERNAL') {
      logger.error({ err: answer.cause ?? error, path: pathOf(request.url) }, 'a request failed');
    }
    void reply.code(answer.status);
    return sendMixpanelError(reply, answer, bodyOf(answer, pathOf(request.url)));
  });
}

/** Without the query string, which may hold a secret. */
const queryErrorBody = ({ message }: ApiError, path: string): object => ({
  error: message,
  request: path,
  status: 'error',
});

/** Under the status that is set; 429 always says when to come back. */
function sendMixpanelError(reply: FastifyReply, error: ApiError, body: object): FastifyReply {
  const retryAfter = error.retryAfterSeconds ?? (error.code === 'OVERLOADED' ? 1 : undefined);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Basic realm="arbor"');
  return reply.send(body);
}

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
