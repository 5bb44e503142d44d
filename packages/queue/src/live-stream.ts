import { liveStreamEntriesMax, liveStreamKey } from '@arbor/schema/cluster';
import { liveEntrySchema, type LiveEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';

/** The field of a stream entry that holds the `LiveEntry` as JSON text. */
export const liveField = 'entry';

/**
 * Adds entries to a project's Live stream, which keeps about the last `liveStreamEntriesMax`. A batch
 * that is delivered twice adds its entries twice, with the same `id`: readers drop what they have.
 */
export async function publishLive(
  redis: Redis,
  project: number,
  entries: readonly LiveEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  const pipeline = redis.pipeline();
  for (const entry of entries) {
    pipeline.xadd(
      liveStreamKey(project),
      'MAXLEN',
      '~',
      liveStreamEntriesMax,
      '*',
      liveField,
      JSON.stringify(entry),
    );
  }
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}

/** The entry in the fields of a stream entry; null when something else wrote it. */
export function parseLiveFields(fields: readonly string[]): LiveEntry | null {
  const at = fields.indexOf(liveField);
  const text = at % 2 === 0 ? fields[at + 1] : undefined;
  if (text === undefined) return null;
  try {
    const parsed = liveEntrySchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: written by something that is not ours.
    return null;
  }
}
