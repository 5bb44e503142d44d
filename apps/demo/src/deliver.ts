import { pause } from './pause.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
}

const backoffMs = 500;
const backoffMax = 15_000;
const retryAfterMax = 60_000;
/** 401: at the very first start the API may still be creating the project. */
const passing = new Set([401, 408, 425, 429]);

/**
 * Repeats a request until it gets an answer that no repetition would change, good or bad. Waits as long
 * as the API asks, else longer each time; an API that is away is normal here, so only the first failure
 * is told. Rejects when the signal is aborted, and for nothing else.
 */
export async function deliver(options: {
  request: () => Promise<Answer>;
  signal: AbortSignal;
  onTrouble: (reason: string) => void;
  random?: () => number;
}): Promise<Answer> {
  const { request, signal, onTrouble, random = Math.random } = options;
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted();
    const answer = await attempt(request);
    if ('status' in answer && answer.status < 500 && !passing.has(answer.status)) return answer;
    signal.throwIfAborted();
    const reason = 'status' in answer ? `status ${answer.status}` : answer.failure;
    if (failures === 0) onTrouble(reason);
    const backoff = Math.min(backoffMax, backoffMs * 2 ** failures) * (0.5 + random() / 2);
    const asked = 'status' in answer ? Number(answer.retryAfter) * 1000 : 0;
    await pause(asked > 0 ? Math.min(asked, retryAfterMax) : backoff, signal);
  }
}

async function attempt(request: () => Promise<Answer>): Promise<Answer | { failure: string }> {
  try {
    return await request();
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { failure: cause instanceof Error ? cause.message || cause.name : String(cause) };
  }
}
