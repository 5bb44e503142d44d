/** Why a whole request is turned away although nothing is wrong with it. */
export type EdgeFailureCode = 'UNAVAILABLE' | 'OVERLOADED' | 'FORBIDDEN';

/**
 * The one exception the edge throws itself: the request cannot be taken now and nothing of it is
 * promised, so the client keeps its copy and comes back. Answered 503 or 429 with `Retry-After`; 403 where
 * only a person can change that it is not taken.
 */
export class EdgeFailure extends Error {
  readonly code: EdgeFailureCode;
  /** Of what passes by itself. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: EdgeFailureCode,
    message: string,
    { retryAfterSeconds, cause }: { retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'EdgeFailure';
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A part of ours does not answer; it is restarted within seconds. */
export function unavailable(message: string, cause?: unknown): EdgeFailure {
  return new EdgeFailure('UNAVAILABLE', message, { retryAfterSeconds: 2, cause });
}

export function overloaded(retryAfterSeconds: number): EdgeFailure {
  // The words of `ingestion-api.md` 1.4.
  const message =
    'Project exceeded rate limits. Please retry the request with exponential backoff.';
  return new EdgeFailure('OVERLOADED', message, { retryAfterSeconds });
}

/** One address sends more than all visitors of one network do (`browser-sdk.md` SRV-12). */
export function addressOverloaded(retryAfterSeconds: number): EdgeFailure {
  const message = 'This address exceeded rate limits. Please retry the request later.';
  return new EdgeFailure('OVERLOADED', message, { retryAfterSeconds });
}

/** The owner of the project named the sites that may send to it (`browser-sdk.md` SRV-13). */
export function originForbidden(origin: string): EdgeFailure {
  return new EdgeFailure('FORBIDDEN', originProblemOf(origin));
}

export const originProblemOf = (origin: string): string =>
  `origin ${origin} is not among the allowed origins of the project`;
