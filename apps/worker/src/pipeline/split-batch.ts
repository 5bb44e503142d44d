import type { BatchEvent, BatchLink, BatchPersonUpdate, RowBatch } from '@arbor/engine/batch';
import { ownIdentifierOf } from '@arbor/engine/identity/links';
import { groupProject, groupUser } from '@arbor/engine/group-project';
import { shardOfUser, shardsOfProject } from '@arbor/engine/placement';
import type { IngestBatch, IngestEvent, IngestGroup, IngestPerson } from '@arbor/schema/ingest';
import type { Properties } from '@arbor/schema/property-value';
import { recordsWithout } from './refuse-erased.ts';
import { type Resolution, type ResolvedLink, profileUpdateOf, userOf } from './resolution.ts';

type Draft = { events: BatchEvent[]; persons: BatchPersonUpdate[]; links: BatchLink[] };

/**
 * Cuts a batch into one row batch a shard, and one more a shard where it has updates of groups. The id of each derives
 * from the ingest batch and the shard, so the same batch and resolution always give the same ids.
 */
export function createSplitBatch(options: {
  shardCount: number;
}): (batch: IngestBatch, resolution: Resolution) => RowBatch[] {
  return function splitBatch(batch, resolution) {
    const { project } = batch;
    const { shardCount } = options;
    const placement = { project, spread: Math.min(resolution.spread, shardCount), shardCount };
    const drafts = new Map<number, Draft>();
    const draftOf = (user: string): Draft => {
      const shard = shardOfUser(user, placement);
      let draft = drafts.get(shard);
      if (draft === undefined) drafts.set(shard, (draft = { events: [], persons: [], links: [] }));
      return draft;
    };

    const groups: BatchPersonUpdate[] = [];
    const refused = refusedByPosition(resolution.links);
    for (const [position, record] of recordsWithout(batch, resolution.erased)) {
      if (record.kind === 'event') {
        const own = ownIdentifierOf(record);
        const user = own === null ? '' : userOf(resolution, own, position);
        draftOf(user).events.push(batchEvent(record, user, position, refused.get(position)));
      } else if (record.kind === 'group') {
        groups.push(batchGroup(record, position));
      } else if (record.kind === 'person') {
        const { user, operations } = profileUpdateOf(resolution, record, position);
        // One with an insert id does nothing, but its copies, resolved earlier, are known by it.
        if (operations.length === 0 && record.insertId === undefined) continue;
        draftOf(user).persons.push(
          batchPerson({ ...record, operations: [...operations] }, user, position),
        );
      }
    }
    for (const { loser, winner, user } of resolution.unions ?? []) {
      draftOf(user).links.push({ loser, winner });
    }
    addLinks(resolution.links, draftOf);
    const { sequence, receivedAt } = batch;
    const rowBatches = [...drafts].map(([shard, draft]): RowBatch => ({
      batchId: `${batch.batchId}-${shard}`,
      project,
      shard,
      sequence,
      receivedAt,
      ...draft,
    }));
    if (groups.length === 0) return rowBatches;
    // Events of every shard may name a group, so each has all profiles of groups.
    const ofGroups = shardsOfProject(placement).map((shard): RowBatch => ({
      batchId: `${batch.batchId}-${shard}-groups`,
      project: groupProject(project),
      shard,
      sequence,
      receivedAt,
      events: [],
      persons: groups,
      links: [],
    }));
    return [...rowBatches, ...ofGroups];
  };
}

function batchEvent(
  { event, time, sentTime = time, distinctId, insertId, properties }: IngestEvent,
  user: string,
  position: number,
  failure: Properties | undefined,
): BatchEvent {
  return {
    event,
    time,
    sentTime,
    distinctId,
    user,
    insertId,
    position,
    properties: failure === undefined ? properties : { ...properties, ...failure },
  };
}

function batchPerson(
  { distinctId, time, operations, ignoreTime = false, insertId }: IngestPerson,
  user: string,
  position: number,
): BatchPersonUpdate {
  const update = { user, distinctId, time, ignoreTime, position, operations };
  return insertId === undefined ? update : { ...update, insertId };
}

function batchGroup(
  { groupKey, groupId, time, operations, ignoreTime = false, insertId }: IngestGroup,
  position: number,
): BatchPersonUpdate {
  const user = groupUser(groupKey, groupId);
  const update = { user, distinctId: user, time, ignoreTime, position, operations };
  return insertId === undefined ? update : { ...update, insertId };
}

/** A link that unites two users is told to the shards of both; they may be the same one. */
function addLinks(links: readonly ResolvedLink[], draftOf: (user: string) => Draft): void {
  for (const { user: winner, loser } of links) {
    if (loser === undefined) continue;
    for (const draft of new Set([draftOf(loser), draftOf(winner)])) {
      draft.links.push({ loser, winner });
    }
  }
}

/** An event whose link was refused says so (`ingestion-api.md` 6, `reports.md` 13.2). */
function refusedByPosition(links: readonly ResolvedLink[]): Map<number, Properties> {
  const failures = new Map<number, Properties>();
  for (const { position, form, refused } of links) {
    if (refused === undefined) continue;
    const { code, reason } = refused;
    failures.set(position, {
      ...failures.get(position),
      ...(form === 'device'
        ? { $identity_failure_reason: reason }
        : { $failure_reason: code, $failure_description: reason }),
    });
  }
  return failures;
}
