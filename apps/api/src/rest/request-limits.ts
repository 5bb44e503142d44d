import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';

export interface RequestLimitOptions {
  /** Requests a minute with the same credentials. */
  readonly perMinuteMax: number;
  /** Requests under way at once with the same credentials. */
  readonly atOnceMax: number;
}

/** What a caller has left, and what a request of his waits for. */
export interface Allowance {
  readonly refused: 'RATE_LIMITED' | 'TOO_MANY_AT_ONCE' | null;
  /** Requests left in this minute, this one counted. */
  readonly remaining: number;
  /** Until the minute is over. */
  readonly resetSeconds: number;
  /** Requests that may be under way beside this one. */
  readonly atOnceLeft: number;
}

interface Caller {
  endsMs: number;
  count: number;
  running: number;
}

const windowMs = 60_000;
/** About a hundred bytes each. Credentials that are not valid are callers too until they are looked up. */
const callersMax = 20_000;

/**
 * Counts what each caller asks for, in minutes that begin with his first request, and how much of it is under way.
 *
 * In the memory of this process, not in Redis: there each request would wait for an fsync (the queues need it), which is
 * longer than a small query takes. With several api processes each counts what comes to it.
 */
export class RequestLimits {
  readonly #options: RequestLimitOptions;
  readonly #clock: () => number;
  /** In the order in which their minutes began. */
  readonly #callers = new Map<string, Caller>();

  constructor(options: RequestLimitOptions, clock: () => number) {
    this.#options = options;
    this.#clock = clock;
  }

  get options(): RequestLimitOptions {
    return this.#options;
  }

  /** A request that is not refused must be ended with `leave`. */
  enter(key: string): Allowance {
    const now = this.#clock();
    const caller = this.#callerOf(key, now);
    const { perMinuteMax, atOnceMax } = this.#options;
    const refused =
      caller.count >= perMinuteMax
        ? 'RATE_LIMITED'
        : caller.running >= atOnceMax
          ? 'TOO_MANY_AT_ONCE'
          : null;
    if (refused === null) {
      caller.count++;
      caller.running++;
    }
    return {
      refused,
      remaining: Math.max(0, perMinuteMax - caller.count),
      resetSeconds: Math.max(1, Math.ceil((caller.endsMs - now) / 1000)),
      atOnceLeft: atOnceMax - caller.running,
    };
  }

  /** Counts a request that was let in for so many more, as it asks as much as they would. */
  charge(key: string, requests: number): void {
    const caller = this.#callers.get(key);
    if (caller !== undefined) caller.count += requests;
  }

  leave(key: string): void {
    const caller = this.#callers.get(key);
    if (caller !== undefined) caller.running--;
  }

  #callerOf(key: string, now: number): Caller {
    const known = this.#callers.get(key);
    if (known !== undefined && known.endsMs > now) return known;
    const caller = { endsMs: now + windowMs, count: 0, running: known?.running ?? 0 };
    this.#callers.delete(key);
    this.#callers.set(key, caller);
    if (this.#callers.size > callersMax) this.#forgetOldest();
    return caller;
  }

  /** Of those who have nothing under way: the others are as many as connections at most. */
  #forgetOldest(): void {
    for (const [key, { running }] of this.#callers) {
      if (running > 0) continue;
      this.#callers.delete(key);
      return;
    }
  }
}

/** Refuses what is over the limits of a caller on every route of this scope, and says in each answer what is left. */
export function limitRequests(scope: FastifyInstance, limits: RequestLimits): void {
  scope.addHook('onRequest', (request, reply, done) => {
    done(enterLimits(limits, request, reply) ?? undefined);
  });
}

/** Whose count a request that was let in is on. */
const chargedTo = new WeakMap<FastifyRequest['raw'], (requests: number) => void>();

/** What makes a request count for so many more: one answer may take as many queries as there are cohorts. */
export function chargeOf({ raw }: Pick<FastifyRequest, 'raw'>): (requests: number) => void {
  return (requests) => chargedTo.get(raw)?.(requests);
}

/** The same for one request: what is wrong with it, if anything, once the headers of its answer say what is left. */
export function enterLimits(
  limits: RequestLimits,
  request: Pick<FastifyRequest, 'headers' | 'ip' | 'raw'>,
  reply: FastifyReply,
): ApiError | null {
  const { perMinuteMax, atOnceMax } = limits.options;
  const key = callerOf(request);
  const { refused, remaining, resetSeconds, atOnceLeft } = limits.enter(key);
  void reply.headers({
    'ratelimit-policy': `${perMinuteMax};w=60`,
    'ratelimit-limit': perMinuteMax,
    'ratelimit-remaining': remaining,
    'ratelimit-reset': resetSeconds,
    'concurrency-limit': atOnceMax,
    'concurrency-remaining': atOnceLeft,
  });
  if (refused === null) {
    // Comes at the end of every response, sent whole or not.
    reply.raw.once('close', () => limits.leave(key));
    chargedTo.set(request.raw, (requests) => limits.charge(key, requests));
    return null;
  }
  return refused === 'RATE_LIMITED'
    ? new ApiError(refused, `${perMinuteMax} requests were sent within a minute`, {
        retryAfterSeconds: resetSeconds,
      })
    : new ApiError(refused, `${atOnceMax} requests are under way already`, {
        retryAfterSeconds: 1,
      });
}

/** Other cookies are whatever a browser likes to send. */
const sessionCookie = /arbor\.session_token=[^;]*/;

/**
 * Who asks, as far as the request itself says: its credentials, or the address of somebody without any. They are not
 * looked up before: a request over the limit must cost nothing. No secret is kept in memory for longer than its request.
 */
function callerOf({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): string {
  const { authorization, cookie = '' } = headers;
  const known = authorization ?? sessionCookie.exec(cookie)?.[0] ?? `address ${ip}`;
  return createHash('sha256').update(known).digest('base64');
}
