import { linksOf, ownIdentifierOf } from '@arbor/engine/identity/links';
import type { IngestBatch, IngestRecord } from '@arbor/schema/ingest';
import type { LiveEntry } from '@arbor/schema/live';
import type { ErasedIdentifiers } from '../erased/erased-identifiers.ts';

/** Every identifier that a record would bring back: its own, and those that it links. */
function identifiersOf(record: IngestRecord, position: number): string[] {
  const own = ownIdentifierOf(record);
  const linked = linksOf(record, position, true).flatMap(({ alias, user }) => [alias, user]);
  const sent = record.kind === 'event' || record.kind === 'person' ? [record.distinctId] : [];
  return [...(own === null ? [] : [own]), ...sent, ...linked].filter((one) => one !== '');
}

/** Positions of the records that name somebody who was erased. */
export async function findErased(
  batch: IngestBatch,
  erased: ErasedIdentifiers,
): Promise<readonly number[]> {
  const named = batch.records.map(identifiersOf);
  const gone = await erased.among(batch.project, [...new Set(named.flat())]);
  if (gone.size === 0) return [];
  return named.flatMap((identifiers, position) =>
    identifiers.some((identifier) => gone.has(identifier)) ? [position] : [],
  );
}

/** The records that are left, each with its position in the batch. */
export function recordsWithout(
  batch: IngestBatch,
  refused: readonly number[] | undefined,
): [number, IngestRecord][] {
  const out = new Set(refused);
  return [...batch.records.entries()].filter(([position]) => !out.has(position));
}

/** What Live shows of a refused record: that there was one, and nothing of what it said. */
export function erasedEntries(
  { batchId, receivedAt, source, records }: IngestBatch,
  refused: readonly number[] | undefined,
): LiveEntry[] {
  return (refused ?? []).map((position) => ({
    kind: 'rejected',
    id: `${batchId}-${position}`,
    receivedAt,
    source,
    reason:
      'erased_identifier: it names somebody who was erased on request; the project is set to take no data of ' +
      'erased identifiers',
    record: JSON.stringify({ kind: records[position]?.kind ?? 'event' }),
  }));
}
