import type { FailedUpdate } from '@arbor/engine/catalog';
import {
  hourKey,
  hourMs,
  hoursKeptSeconds,
  minuteMs,
  minutesKey,
  minutesKeptSeconds,
  refusedField,
} from '@arbor/queue/count-keys';
import { keepRefused } from '@arbor/queue/keep-refused';
import { publishLive } from '@arbor/queue/live-stream';
import type { RejectedEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';

/** A row log has none of where an update came from. */
const source = 'engage' as const;
const code = 'profile_update_failed';
/** Entries of one index job that are kept and shown: all are counted. */
const entriesMax = 50;
const recordCharactersMax = 4096;
/** Properties and reasons of one index job that are counted by themselves … */
const kindsMax = 50;
/** … and of a project in an hour, with what edges count there (200 each): of many shards and jobs they would add up to gigabytes in a week. */
const hourKindsMax = 500;

/**
 * Counts updates of people that could not be applied to the profiles they are for, and shows some in Live and with what was
 * refused. When they failed is when their files came to be: each is told of once, by whoever made the files.
 */
export async function tellFailed(
  redis: Redis,
  project: number,
  { failed, now }: { readonly failed: readonly FailedUpdate[]; readonly now: number },
): Promise<void> {
  if (failed.length === 0) return;
  const pipeline = redis.pipeline();
  const hour = Math.floor(now / hourMs);
  const [minutes, kinds] = [minutesKey(project, hour), hourKey(project, hour)];
  pipeline.hincrby(minutes, `${Math.floor(now / minuteMs) % 60}r`, failed.length);
  pipeline.expire(minutes, minutesKeptSeconds);
  const counts = await bounded(redis, kinds, countsOf(failed));
  for (const [field, count] of counts) pipeline.hincrby(kinds, field, count);
  pipeline.expire(kinds, hoursKeptSeconds);
  const entries = failed.slice(0, entriesMax).map(entryOf);
  for (const entry of entries) keepRefused(pipeline, project, entry);
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
  await publishLive(redis, project, entries);
}

const reasonOf = ({ operation, reason }: FailedUpdate): string =>
  `${operation.operator}: ${reason}`;

const others = refusedField({ source, code: 'others', field: '', reason: 'other reasons' });

/** By the field that counts them. Names of properties come from outside: very many would fill Redis. */
function countsOf(failed: readonly FailedUpdate[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of failed) {
    const own = refusedField({ source, code, field: one.property, reason: reasonOf(one) });
    const field = counts.has(own) || counts.size < kindsMax ? own : others;
    counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return counts;
}

/** Those that the hour counts already, and as many more as it has room for; the rest together. */
async function bounded(
  redis: Redis,
  key: string,
  counts: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const fields = [...counts.keys()];
  const [length, known] = await Promise.all([redis.hlen(key), redis.hmget(key, ...fields)]);
  let room = hourKindsMax - length;
  const within = new Map<string, number>();
  for (const [i, field] of fields.entries()) {
    const isCounted = known[i] !== null || room-- > 0;
    const own = isCounted ? field : others;
    within.set(own, (within.get(own) ?? 0) + (counts.get(field) ?? 0));
  }
  return within;
}

function entryOf(failed: FailedUpdate): RejectedEntry {
  const { id, receivedAt, distinctId, operation, property } = failed;
  const { operator, ...rest } = operation;
  const operands = 'values' in rest ? rest.values : 'names' in rest ? rest.names : true;
  const record = JSON.stringify({ $distinct_id: distinctId, [operator]: operands });
  return {
    kind: 'rejected',
    id: `failed-${id}`,
    receivedAt,
    source,
    field: property,
    reason: reasonOf(failed),
    record: record.slice(0, recordCharactersMax),
  };
}
