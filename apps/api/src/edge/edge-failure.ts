/** Why a whole request is turned away although nothing is wrong with it. */
export type EdgeFailureCode = 'UNAVAILABLE' | 'OVERLOADED';

/**
 * The one exception the edge throws itself: the request cannot be taken now and nothing of it is
 * promised, so the client keeps its copy and comes back. Answered 503 or 429 with `Retry-After`.
 */
export class EdgeFailure extends Error {
  readonly code: EdgeFailureCode;
  readonly retryAfterSeconds: number;

  constructor(
    code: EdgeFailureCode,
    message: string,
    { retryAfterSeconds, cause }: { retryAfterSeconds: number; cause?: unknown },
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
