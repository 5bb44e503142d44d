import type { RefusedRecord } from '../rejected-records.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { type Failure, retryHeaders } from './failure-answer.ts';

/** The answer of `/e` to a request that could be read (`browser-sdk.md` SRV-2). */
export function sdkAnswer(
  { accepted, refused }: { accepted: number; refused: readonly RefusedRecord[] },
  now: number,
): Answer {
  const failed = refused.map(({ index, problem: { code, field, message } }) => ({
    index,
    code,
    field,
    message,
  }));
  return jsonAnswer(200, { status: 1, accepted, failed, now });
}

/** Any other; the SDK reads the server's clock from these too. */
export function sdkFailure({ status, error, retryAfterSeconds }: Failure, now: number): Answer {
  const body = { status: 0, accepted: 0, failed: [], error, now };
  if (retryAfterSeconds === undefined) return jsonAnswer(status, body);
  const retry = { retry_after_ms: retryAfterSeconds * 1000 };
  return jsonAnswer(status, { ...body, ...retry }, retryHeaders(retryAfterSeconds));
}
