import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Principal } from '../auth/principal.ts';
import { ApiError } from '../errors.ts';
import type { Claim, KeptAnswers } from '../idempotency/ports.ts';
import { authorizeFor, principalOf, projectIdSchema, type RestDeps } from './rest-request.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A question that is sent by POST: it changes nothing, and its answer is not kept. */
    readonly asks?: boolean;
  }
}

export interface IdempotencyDeps extends RestDeps {
  readonly keptAnswers: KeptAnswers;
}

const keySchema = z.string().regex(/^[\x21-\x7e]{1,255}$/);

/** Bounds what Redis keeps of one write; the longest answer of one is some kilobytes. */
const keptBytesMax = 1024 * 1024;

/**
 * A write of this scope that is sent again with the same `Idempotency-Key` is answered as the first time, and done once.
 * Only success is kept: a request that was refused or failed changed nothing, and may be sent again as it is. Where a
 * process dies between the change and its answer, the change stands and the answer is lost: a repetition then does it
 * again. A client that goes away does not end the claim: what it asked for may be done all the same. What is answered
 * again is answered only to who may still see the project.
 */
export function idempotentWrites(scope: FastifyInstance, deps: IdempotencyDeps): void {
  const claims = new WeakMap<FastifyRequest, Extract<Claim, { type: 'first' }>>();

  scope.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const claim = await claimOf(request, key, deps);
    switch (claim.type) {
      case 'first':
        claims.set(request, claim);
        return;
      case 'answered':
        return repeat(reply, claim.answer);
      case 'under_way':
        throw new ApiError('IDEMPOTENCY_KEY_IN_USE', `"${key}" is of a request under way`, {
          retryAfterSeconds: 1,
        });
      case 'forgotten':
        throw new ApiError(
          'IDEMPOTENCY_KEY_REUSED',
          `what "${key}" asked for was done; its answer went when users were erased: read what is there now`,
        );
      case 'another_request':
        throw new ApiError('IDEMPOTENCY_KEY_REUSED', `"${key}" came with another request before`);
    }
  });

  scope.addHook('onSend', async (request, reply, payload) => {
    const claim = claims.get(request);
    if (claim === undefined) return;
    claims.delete(request);
    const isKept = reply.statusCode < 300 && (typeof payload === 'string' || payload === undefined);
    const body = typeof payload === 'string' ? payload : '';
    const contentType = reply.getHeader('content-type');
    const answer = {
      status: reply.statusCode,
      contentType: typeof contentType === 'string' ? contentType : null,
      body,
    };
    const kept =
      isKept && Buffer.byteLength(body) <= keptBytesMax ? claim.keep(answer) : claim.release();
    // What was done is answered also while Redis is away; the claim runs out by itself.
    await kept.catch(() => undefined);
  });
}

/** Undefined: the request is none that is kept. */
function keyOf({ method, headers, routeOptions }: FastifyRequest): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined || method === 'GET' || method === 'HEAD') return undefined;
  if (routeOptions.config.asks === true) return undefined;
  const key = keySchema.safeParse(given);
  if (key.success) return key.data;
  throw new ApiError(
    'INVALID_REQUEST',
    'idempotency-key: must be 1 to 255 visible characters of ASCII, without spaces',
  );
}

async function claimOf(
  request: FastifyRequest,
  key: string,
  deps: IdempotencyDeps,
): Promise<Claim> {
  const principal = await principalOf(request, deps);
  const { id } = z.object({ id: projectIdSchema.optional() }).parse(request.params);
  // Whoever may not even see the project learns nothing of what was answered; the route asks for more.
  if (id !== undefined) await authorizeFor(principal, id, { deps, needed: 'consumer' });
  try {
    const name = JSON.stringify([...ownerOf(principal), key]);
    const fingerprint = fingerprintOf(request);
    return await deps.keptAnswers.claim({
      key: name,
      project: projectOf(principal, id),
      fingerprint,
    });
  } catch (cause) {
    const problem = 'whether this Idempotency-Key was used cannot be known now';
    throw new ApiError('UNAVAILABLE', problem, { cause, retryAfterSeconds: 2 });
  }
}

/** Of a request that names a project, or that comes with a project's own credentials. */
function projectOf(principal: Principal, id: number | undefined): number | null {
  return id ?? (principal.type === 'project_secret' ? principal.projectId : null);
}

/**
 * Keys are each caller's own, whichever of his credentials or sessions he comes with. The name of a service account that was removed
 * may be taken in another organisation, which must not be answered what the first one was.
 */
function ownerOf(principal: Principal): readonly string[] {
  switch (principal.type) {
    case 'user':
      return ['user', principal.user.id];
    case 'service_account':
      return ['service_account', String(principal.organizationId), principal.username];
    case 'project_secret':
      return ['project', String(principal.projectId)];
    case 'guest':
      throw new ApiError('UNAUTHENTICATED', 'this needs credentials');
  }
}

/** Of a body that is a stream only what is known before it is read. */
function fingerprintOf({ method, url, headers, body }: FastifyRequest): string {
  const isStream = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  const content = isStream ? (headers['content-length'] ?? null) : (body ?? null);
  const type = headers['content-type'] ?? null;
  return createHash('sha256')
    .update(JSON.stringify([method, url, type, content]))
    .digest('base64url');
}

function repeat(
  reply: FastifyReply,
  { status, contentType, body }: Extract<Claim, { type: 'answered' }>['answer'],
): FastifyReply {
  void reply.code(status).header('idempotency-replayed', 'true');
  if (contentType !== null) void reply.header('content-type', contentType);
  return body === '' ? reply.send() : reply.send(body);
}
