import { NativeDate } from './natives.ts';
import { parse } from './store.ts';
import type { Answer } from './surroundings.ts';

/** A record that the server refuses, and why. */
export interface Refusal {
  readonly index: number;
  readonly code: string;
  readonly message?: string;
}

/** What an answer asks for (`browser-sdk.md` 8.3). */
export interface Verdict {
  readonly type: 'done' | 'halve' | 'wait' | 'stop';
  readonly failed: readonly Refusal[];
  /** The server's clock. */
  readonly serverNow: number | undefined;
  /** As the server asked. */
  readonly waitMs: number | undefined;
  /** Somebody set something up wrong; waiting alone will not mend it. */
  readonly isMistake: boolean;
}

const waitMsMax = 3_600_000;

/**
 * Only an answer that is the server's own takes records off the queue: a hotel's log-in page is not.
 * `answer` is undefined when none was seen.
 */
export function judge(answer: Answer | undefined, now: number): Verdict {
  const { status = 0, reply, headers } = answer ?? {};
  const retryAfter = headers?.get('retry-after') ?? null;
  const read = parse(reply);
  const body = Object(read) as Record<string, unknown>;
  const { failed, stop } = body;
  const isList = Array.isArray(failed);
  const isDone = status === 200 && (read === 1 || body['status'] === 1 || body['status'] === 'OK');
  const isBad =
    status === 400 || status === 413 || (status === 200 && (read === 0 || body['status'] === 0));
  const waitMs =
    Number(body['retry_after_ms']) ||
    Number(retryAfter) * 1000 ||
    NativeDate.parse(retryAfter ?? '') - now;
  const serverNow = body['now'];
  return {
    type: isDone ? 'done' : isBad ? 'halve' : status === 410 && stop === true ? 'stop' : 'wait',
    failed: isList ? (failed as Refusal[]) : [],
    serverNow: typeof serverNow === 'number' ? serverNow : undefined,
    waitMs: waitMs > 0 ? Math.min(waitMs, waitMsMax) : undefined,
    isMistake: status > 400 && status < 500 && ![408, 425, 429].includes(status),
  };
}
