import { liveStreamEntriesMax, liveStreamKey } from '@arbor/schema/cluster';
import { liveEntrySchema, type LiveEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';

/** The field of a stream entry that holds the `LiveEntry` as JSON text. */
export const liveField = 'entry';

/** JSON text has no line end in it. A command for each entry would cost the caller more than all else it does for them. */
const script = `
for entry in string.gmatch(ARGV[2], '[^\\n]+') do
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', '${liveField}', entry)
end`;

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
  const text = entries.map((entry) => JSON.stringify(entry)).join('\n');
  await redis.eval(script, 1, liveStreamKey(project), liveStreamEntriesMax, text);
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
