import type { RefusedRecord } from '../rejected-records.ts';
import { failedUpdates, someFailed, type UpdateIdField } from './failed-records.ts';

/**
 * Body of `/engage` and `/groups` with `strict=1` (4.4); the status of the answer is 200 all the same. `idField` says
 * of refused updates whose they are.
 */
export function strictEngageBody(
  good: number,
  refused: readonly RefusedRecord[],
  idField: UpdateIdField,
): object {
  const body = { code: 200, num_good_events: good, error: null, status: 'OK' };
  if (refused.length === 0) return body;
  return { ...body, error: someFailed, failed_records: failedUpdates(refused, idField) };
}
