import { ownIdentifierOf } from '@arbor/engine/identity/links';
import type { IngestBatch, IngestEvent, IngestPerson } from '@arbor/schema/ingest';
import type { LiveEntry } from '@arbor/schema/live';
import { workerLimits } from '../limits.ts';
import { erasedEntries, recordsWithout } from './refuse-erased.ts';
import { profileUpdateOf, type Resolution, userOf } from './resolution.ts';

/**
 * What Live shows of a batch. Ids derive from the batch, so readers recognise what is delivered twice.
 * Of an import only the first records are shown, and of the others as many as there is room for.
 */
export function liveEntriesOf(
  batch: IngestBatch,
  resolution: Resolution,
  room: (records: number) => number = (records) => records,
): LiveEntry[] {
  const { batchId, receivedAt, source, records } = batch;
  const { erased } = resolution;
  const wanted = Math.min(
    records.length,
    source === 'import' ? workerLimits.liveEntriesPerImport : Infinity,
  );
  const shownEnd = room(wanted);
  const shown = { ...batch, records: records.slice(0, shownEnd) };
  const entries = recordsWithout(shown, erased).flatMap(([position, record]): LiveEntry[] => {
    // Live is about people: updates of groups are not shown. Links are, below, by what they did.
    if (record.kind !== 'event' && record.kind !== 'person') return [];
    const envelope = { id: `${batchId}-${position}`, receivedAt, source };
    return [{ ...entryOf(record, ownerOf(record, resolution, position)), ...envelope }];
  });
  const refused = erased?.filter((position) => position < shownEnd);
  return [
    ...entries,
    ...erasedEntries(batch, refused),
    ...aliasEntries(batch, resolution, shownEnd),
  ];
}

function ownerOf(record: IngestEvent | IngestPerson, resolution: Resolution, position: number) {
  if (record.kind === 'person') return profileUpdateOf(resolution, record, position).user;
  const own = ownIdentifierOf(record);
  return own === null ? record.distinctId : userOf(resolution, own, position);
}

type EventEntry = Extract<LiveEntry, { kind: 'event' }>;
type PersonEntry = Extract<LiveEntry, { kind: 'person' }>;
type Envelope = 'id' | 'receivedAt' | 'source';

function entryOf(
  record: IngestEvent | IngestPerson,
  user: string,
): Omit<EventEntry, Envelope> | Omit<PersonEntry, Envelope> {
  const { time, distinctId } = record;
  if (record.kind === 'event') {
    const { event, insertId, properties } = record;
    return { kind: 'event', event, time, distinctId, user, insertId, properties };
  }
  const operations = record.operations.map((operation) => [
    operation.operator,
    'values' in operation ? operation.values : 'names' in operation ? operation.names : true,
  ]);
  return { kind: 'person', time, distinctId, user, operations: Object.fromEntries(operations) };
}

function aliasEntries(
  { batchId, receivedAt, source, records }: IngestBatch,
  { links }: Resolution,
  positionEnd: number,
): LiveEntry[] {
  return links
    .filter(({ position }) => position < positionEnd)
    .map(({ position, form, alias, user, refused }) => ({
      kind: 'alias',
      id: `${batchId}-${position}-${form}`,
      receivedAt,
      source,
      time: records[position]?.time ?? receivedAt,
      alias,
      user,
      ...(refused === undefined ? {} : { refused: refused.reason }),
    }));
}
