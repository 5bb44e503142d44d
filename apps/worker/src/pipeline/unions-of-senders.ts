import type { IdentityStore } from '@arbor/engine/identity/identity-store';
import type { Union } from '@arbor/engine/identity/unions';
import type { IngestBatch } from '@arbor/schema/ingest';
import { recordsWithout } from './refuse-erased.ts';
import type { Resolution } from './resolution.ts';

/**
 * The links by which the senders of a batch's updates of people came to the users they were resolved to, oldest first.
 *
 * **Why updates bring them along:** the batch whose link it was may come later, because its ETL died after the link was
 * written down, or be later in the order of arrival, because this one waited. Applied to the user without the link, an update
 * would make a value of his own there, which wins over the one that the merge brings: a counter of the merged user
 * would begin anew. With the link, what was counted before is united first, in whatever order batches come.
 */
export async function unionsOfSenders(
  identities: IdentityStore,
  batch: IngestBatch,
  resolved: {
    /** Positions that are left out. */
    readonly refused: readonly number[];
    /** Identifier → user. */
    readonly canonical: ReadonlyMap<string, string>;
  },
): Promise<NonNullable<Resolution['unions']>> {
  const users = new Map<string, string>();
  for (const [, record] of recordsWithout(batch, resolved.refused)) {
    if (record.kind !== 'person') continue;
    const user = resolved.canonical.get(record.distinctId);
    if (user !== undefined && user !== record.distinctId) users.set(record.distinctId, user);
  }
  if (users.size === 0) return [];
  const unions = new Map<number, Union & { readonly user: string }>();
  for (const [identifier, way] of await identities.unions(batch.project, users)) {
    const user = users.get(identifier) ?? identifier;
    for (const union of way) unions.set(union.id, { ...union, user });
  }
  return [...unions.values()]
    .sort((one, other) => one.id - other.id)
    .map(({ loser, winner, user }) => ({ loser, winner, user }));
}
