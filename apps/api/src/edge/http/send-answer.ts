import type { FastifyReply } from 'fastify';
import type { Answer } from '../answer/answer.ts';

/**
 * The body is sent as bytes, because the framework adds a charset to the content type of text, and
 * clients were written against the bare types.
 */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  void reply.code(answer.status);
  if (answer.headers !== undefined) void reply.headers(answer.headers);
  return reply.header('content-type', answer.contentType).send(answer.body);
}
