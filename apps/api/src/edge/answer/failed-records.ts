import { isJsonObject } from '../record/clean-properties.ts';
import type { RefusedRecord } from '../rejected-records.ts';

/** The words of `ingestion-api.md` 3.4 for a request of which a part was refused. */
export const someFailed = 'some data points in the request failed validation';

/**
 * Entries of `failed_records`. The documentation names the id once `$insert_id` and once `insert_id`,
 * so both are sent. A field of a record that is not even an object is named "".
 */
export function failedEvents(refused: readonly RefusedRecord[]): object[] {
  return refused.map(({ index, problem, raw }) => {
    const properties = isJsonObject(raw) ? raw['properties'] : undefined;
    const insertId = shownId(isJsonObject(properties) ? properties['$insert_id'] : undefined);
    const { field, message } = problem;
    return { index, $insert_id: insertId, insert_id: insertId, field, message };
  });
}

/** What names the profile of an update. */
export type UpdateIdField = '$distinct_id' | '$group_id';

export function failedUpdates(refused: readonly RefusedRecord[], idField: UpdateIdField): object[] {
  return refused.map(({ index, problem: { field, message }, raw }) => ({
    index,
    [idField]: shownId(isJsonObject(raw) ? raw[idField] : undefined),
    field,
    message,
  }));
}

/** Whatever was sent as an id, as a short text; never a large part of the request. */
function shownId(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 255) : '';
}
