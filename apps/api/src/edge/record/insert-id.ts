import { isForbiddenId } from '@arbor/schema/forbidden-ids';
import { limits } from '@arbor/schema/limits';

const pattern = new RegExp(`^[A-Za-z0-9-]{1,${limits.insertIdBytesMax}}$`);

/**
 * A client's `$insert_id` as text; null where it is not one by `ingestion-api.md` 3.2. The ids that
 * the edge makes contain a colon, so none of these can equal one of those.
 */
export function readInsertId(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !pattern.test(text) || isForbiddenId(text)) return null;
  return text;
}
