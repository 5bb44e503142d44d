import type { Logger } from '@arbor/runtime/logger';
import { jobErrors } from './metrics.ts';

/** The same message again is only counted, for this long: a server that is away says it many times a second. */
const repeatMs = 5000;
const messagesMax = 200;

/** One place where the errors of queues and connections go: logged once, counted always. */
export function createErrorLog(
  logger: Logger,
  clock: () => number = Date.now,
): (error: Error) => void {
  const lastLogged = new Map<string, number>();
  return function logError(error) {
    jobErrors.inc();
    const now = clock();
    // Ids differ from job to job; without digits the messages of one cause are equal.
    const kind = error.message.replaceAll(/[0-9a-f-]{8,}|\d+/gi, '#');
    if (now - (lastLogged.get(kind) ?? -Infinity) < repeatMs) return;
    if (lastLogged.size >= messagesMax) lastLogged.clear();
    lastLogged.set(kind, now);
    logger.warn({ err: error }, error.message);
  };
}
