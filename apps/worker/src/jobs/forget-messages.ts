import { decodeRowBatch, encodeRowBatch } from '@arbor/engine/batch';
import type { DeadLetter, DeadLetterStore } from '@arbor/queue/dead-letters';
import { forgetCounts } from '@arbor/queue/forget-counts';
import { forgetLive } from '@arbor/queue/forget-live';
import { forgetKeptAnswers } from '@arbor/queue/kept-answers';
import type { LiveEntry } from '@arbor/schema/live';
import type { JobsContext } from './jobs-context.ts';
import { createNamesThem, type NamesThem } from './names-them.ts';

const lettersAtOnce = 100;
/** Why a job could not be done may be told with a value of the record that is gone. */
const erasedReason = 'some of its records were erased on request';

export interface ForgottenUsers {
  readonly project: number;
  readonly identifiers: readonly string[];
  /** What arrived later, ms UTC, stays. */
  readonly until: number;
}

/** What Redis holds of the users: entries of Live, counts by what they were called, dead letters, and answers to writes. */
export async function forgetMessages(
  { redis, deadLetters, clock }: Pick<JobsContext, 'redis' | 'deadLetters' | 'clock'>,
  { project, identifiers, until }: ForgottenUsers,
): Promise<void> {
  const names = createNamesThem(identifiers);
  await forgetKeptAnswers(redis, project);
  await forgetCounts(redis, { project, now: clock() }, (field) => names.value(field));
  await forgetLive(redis, project, (entry) => entry.receivedAt < until && isAbout(entry, names));
  await forgetLetters(deadLetters, project, names);
}

/** Of what was refused nobody knows what its parts are: rather too much of it goes than too little. */
function isAbout(entry: LiveEntry, names: NamesThem): boolean {
  if (entry.kind === 'rejected') return names.text(entry.record) || names.text(entry.reason);
  if (entry.kind === 'alias' && entry.refused !== undefined && names.text(entry.refused))
    return true;
  return names.value(entry);
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
      const left = letterWithout(letter, project, names);
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
function letterWithout(letter: DeadLetter, project: number, names: NamesThem): DeadLetter | null {
  const { queue, batch } = letter;
  if (typeof batch !== 'string') return names.value(batch) ? null : letter;
  if (!queue.startsWith('ingest-')) return rowsWithout(letter, batch, { project, names });
  const read = readJson(batch);
  if (read === null) return names.text(batch) ? null : letter;
  if (read.project !== project || !names.value(read)) return letter;
  if (!Array.isArray(read.records)) return null;
  const records = (read.records as unknown[]).filter((record) => !names.value(record));
  return records.length === 0
    ? null
    : { ...letter, reason: erasedReason, batch: JSON.stringify({ ...read, records }) };
}

/** Rows that can be read are judged by what they say; of others nobody can tell, and nobody can ever store them. */
function rowsWithout(
  letter: DeadLetter,
  base64: string,
  { project, names }: { readonly project: number; readonly names: NamesThem },
): DeadLetter | null {
  try {
    const batch = decodeRowBatch(Buffer.from(base64, 'base64'));
    if (batch.project !== project) return letter;
    const isOthers = (row: object): boolean => !names.value(row);
    const events = batch.events.filter(isOthers);
    const persons = batch.persons.filter(isOthers);
    const links = batch.links.filter(isOthers);
    const { length } = [...batch.events, ...batch.persons, ...batch.links];
    const left = events.length + persons.length + links.length;
    if (left === length) return letter;
    if (left === 0) return null;
    const bytes = encodeRowBatch({ ...batch, events, persons, links });
    return { ...letter, reason: erasedReason, batch: Buffer.from(bytes).toString('base64') };
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
