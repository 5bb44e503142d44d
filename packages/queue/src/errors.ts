/**
 * Why something could not be put on a queue. The batch may have arrived all the same (`TIMEOUT`, or
 * a connection that broke before the reply): sending it again under the same id is always right.
 */
export type QueueErrorCode = 'UNAVAILABLE' | 'TIMEOUT';

export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A job that can never succeed, however often it is tried. Its consumer moves it to the dead letters. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError';

  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
  }
}

/**
 * A job that a newer build wrote, while workers of this one still run: it is delivered again until one that can read it takes
 * it. As poison it would lie among the dead letters after every upgrade, until somebody noticed.
 */
export class NewerJobError extends Error {
  override readonly name = 'NewerJobError';

  constructor(what: string, cause?: unknown) {
    super(`${what}: it waits for a worker of the newer version`, { cause });
  }
}

/** Wraps what ioredis and BullMQ throw; both name a timeout only by its text. */
export function toQueueError(error: unknown, doing: string): QueueError {
  if (error instanceof QueueError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/timed out/i.test(text)) {
    return new QueueError('TIMEOUT', `redis did not answer in time while ${doing}: ${text}`, error);
  }
  return new QueueError('UNAVAILABLE', `redis failed while ${doing}: ${text}`, error);
}
