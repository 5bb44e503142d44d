import { decodeRowBatch } from '@arbor/engine/batch';
import type { DeadLetter, DeadLetterStore } from '@arbor/queue/dead-letters';
import { forgetLive } from '@arbor/queue/forget-live';
import type { LiveEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';
import { createNamesThem, type NamesThem } from './names-them.ts';

const lettersAtOnce = 100;

export interface ForgottenUsers {
  readonly project: number;
  readonly identifiers: readonly string[];
  /** What arrived later, ms UTC, stays. */
  readonly until: number;
}

/** Entries of Live and dead letters about the users. */
export async function forgetMessages(
  { redis, deadLetters }: { readonly redis: Redis; readonly deadLetters: DeadLetterStore },
  { project, identifiers, until }: ForgottenUsers,
): Promise<void> {
  const names = createNamesThem(identifiers);
  const isAbout = (entry: LiveEntry): boolean => entry.receivedAt < until && names.value(entry);
  await forgetLive(redis, project, isAbout);
  await forgetLetters(deadLetters, project, names);
}

async function forgetLetters(
  deadLetters: DeadLetterStore,
  project: number,
  names: NamesThem,
): Promise<void> {
  let offset = 0;
  for (;;) {
    const letters = await deadLetters.list({ offset, count: lettersAtOnce });
    if (letters.length === 0) return;
    for (const letter of letters) {
      const left = withoutThem(letter, project, names);
      if (left === letter) {
        offset++;
        continue;
      }
      await deadLetters.remove(letter.id);
      // Under another id: Redis remembers which jobs were there.
      if (left !== null) await deadLetters.put({ ...left, id: `${left.id}~erased` });
    }
  }
}

/** What may be kept of a letter: all of it, some of it under the same id, or nothing. */
function withoutThem(letter: DeadLetter, project: number, names: NamesThem): DeadLetter | null {
  const { queue, batch } = letter;
  if (typeof batch !== 'string') return names.value(batch) ? null : letter;
  if (!queue.startsWith('ingest-')) return keepRowBatch(letter, batch, { project, names });
  const read = readJson(batch);
  if (read === null) return names.text(batch) ? null : letter;
  if (read.project !== project || !names.value(read)) return letter;
  if (!Array.isArray(read.records)) return null;
  const records = (read.records as unknown[]).filter((record) => !names.value(record));
  // Why it could not be done may be told with a value of the record that is gone.
  const reason = 'some of its records were erased on request';
  return records.length === 0
    ? null
    : { ...letter, reason, batch: JSON.stringify({ ...read, records }) };
}

/** Rows that can be read are judged by what they say; of others nobody can tell, and nobody can ever store them. */
function keepRowBatch(
  letter: DeadLetter,
  base64: string,
  { project, names }: { readonly project: number; readonly names: NamesThem },
): DeadLetter | null {
  try {
    const batch = decodeRowBatch(Buffer.from(base64, 'base64'));
    return batch.project === project && names.value([batch.events, batch.persons, batch.links])
      ? null
      : letter;
  } catch {
    return null;
  }
}

function readJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // That may be why it is here.
    return null;
  }
}
