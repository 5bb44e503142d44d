import type { RefusedRecord } from '../rejected-records.ts';
import { failedUpdates, someFailed } from './failed-records.ts';

/** Body of `/engage` with `strict=1` (4.4); the status of the answer is 200 all the same. */
export function strictEngageBody(good: number, refused: readonly RefusedRecord[]): object {
  const body = { code: 200, num_good_events: good, error: null, status: 'OK' };
  if (refused.length === 0) return body;
  return { ...body, error: someFailed, failed_records: failedUpdates(refused) };
}
