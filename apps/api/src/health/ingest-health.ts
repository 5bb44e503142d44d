import type { Backpressure } from '@arbor/queue/backpressure';
import { ingestLanes, ingestQueue } from '@arbor/queue/queue-names';
import { parseLiveFields } from '@arbor/queue/live-stream';
import { rejectedStreamKey } from '@arbor/schema/cluster';
import type { HealthSpan, IngestionHealth, RefusedFilter } from '@arbor/schema/ingestion-health';
import type { RejectedEntry } from '@arbor/schema/live';
import type { Redis } from 'ioredis';
import type { Members } from '../dqs/ports.ts';
import { hourKey, hourMs, lastKey, minuteMs, minutesKey } from '@arbor/queue/count-keys';
import { bySource, lossesOf, refusalsOf } from './count-kinds.ts';
import type { IngestHealth } from './ports.ts';
import { fieldText, reasonText } from './reason-text.ts';

export interface IngestHealthDeps {
  readonly redis: Redis;
  readonly members: Members;
  readonly backpressure: Pick<Backpressure, 'queueStats' | 'stateOf'>;
  readonly zones: readonly string[];
  /** ms UTC. */
  readonly clock: () => number;
}

type Buckets = IngestionHealth['buckets'];

const spans: Readonly<Record<HealthSpan, { readonly bucketMs: number; readonly count: number }>> = {
  hour: { bucketMs: minuteMs, count: 60 },
  day: { bucketMs: hourMs, count: 24 },
  week: { bucketMs: hourMs, count: 7 * 24 },
};
/** How many entries are looked through for one page; all that are kept are a few times this. */
const searchedAtOnce = 500;

export function createIngestHealth(deps: IngestHealthDeps): IngestHealth {
  const { redis, clock } = deps;
  return {
    of: async (project, span) => {
      const now = clock();
      const [hours, last, queues, zones] = await Promise.all([
        readHours(redis, project, { now, span }),
        redis.hgetall(lastKey(project)),
        readQueues(deps),
        readZones(deps),
      ]);
      const buckets =
        span === 'hour'
          ? await readMinutes(redis, project, now)
          : hours.map(({ bucket }) => bucket);
      const kinds = hours.map(({ kinds: own }) => own);
      const times = Object.values(last).map(Number).filter(Number.isFinite);
      return {
        span,
        checkedAt: now,
        buckets,
        sources: bySource(kinds, last),
        refusals: refusalsOf(kinds),
        lost: lossesOf(kinds),
        lastMs: times.length === 0 ? null : Math.max(...times),
        ...queues,
        zones,
      };
    },
    refused: async (project, { filter, limit, cursor }) => {
      const records: RejectedEntry[] = [];
      let before = cursor ?? null;
      for (;;) {
        const end = before === null ? '+' : `(${before}`;
        const page = await redis.xrevrange(
          rejectedStreamKey(project),
          end,
          '-',
          'COUNT',
          searchedAtOnce,
        );
        for (const [id, fields] of page) {
          const entry = parseLiveFields(fields);
          before = id;
          if (entry?.kind !== 'rejected' || !passes(entry, filter)) continue;
          records.push(entry);
          if (records.length === limit) return { records, next: before };
        }
        if (page.length < searchedAtOnce) return { records, next: null };
      }
    },
  };
}

function passes(entry: RejectedEntry, { source, field, reason }: RefusedFilter): boolean {
  return (
    (source === undefined || entry.source === source) &&
    (field === undefined || fieldText(entry.field ?? '') === fieldText(field)) &&
    (reason === undefined || reasonText(entry.reason) === reasonText(reason))
  );
}

/** By the hour: what each kind came to, and both sums. Of the span `hour` those that the last 60 minutes touch. */
async function readHours(
  redis: Redis,
  project: number,
  { now, span }: { readonly now: number; readonly span: HealthSpan },
): Promise<{ bucket: Buckets[number]; kinds: Readonly<Record<string, string>> }[]> {
  const count = span === 'hour' ? 2 : spans[span].count;
  const last = Math.floor(now / hourMs);
  const hours = Array.from({ length: count }, (_, n) => last - count + 1 + n);
  const answers = await readHashes(
    redis,
    hours.map((hour) => hourKey(project, hour)),
  );
  return hours.map((hour, n) => {
    const kinds = answers[n] ?? {};
    const sumOf = (start: string): number =>
      Object.entries(kinds).reduce(
        (sum, [field, text]) => (field.startsWith(start) ? sum + Number(text) : sum),
        0,
      );
    const sums = { accepted: sumOf('["a"'), refused: sumOf('["r"') };
    return { bucket: { startMs: hour * hourMs, ...sums }, kinds };
  });
}

async function readMinutes(redis: Redis, project: number, now: number): Promise<Buckets> {
  const { count } = spans.hour;
  const last = Math.floor(now / minuteMs);
  const hours = [Math.floor(now / hourMs) - 1, Math.floor(now / hourMs)];
  const answers = await readHashes(
    redis,
    hours.map((hour) => minutesKey(project, hour)),
  );
  return Array.from({ length: count }, (_, n) => {
    const minute = last - count + 1 + n;
    const own = answers[hours.indexOf(Math.floor(minute / 60))] ?? {};
    const countOf = (what: 'a' | 'r'): number => Number(own[`${minute % 60}${what}`] ?? 0);
    return { startMs: minute * minuteMs, accepted: countOf('a'), refused: countOf('r') };
  });
}

async function readHashes(
  redis: Redis,
  keys: readonly string[],
): Promise<Readonly<Record<string, string>>[]> {
  const pipeline = redis.pipeline();
  for (const key of keys) pipeline.hgetall(key);
  return ((await pipeline.exec()) ?? []).map(([error, hash]) => {
    if (error !== null) throw error;
    return hash as Readonly<Record<string, string>>;
  });
}

async function readQueues({
  backpressure,
}: IngestHealthDeps): Promise<Pick<IngestionHealth, 'lanes' | 'deadLetters'>> {
  const { depths, deadLetters } = await backpressure.queueStats();
  const jobs = new Map(depths.map((depth) => [depth.queue, depth.jobs]));
  const lanes = ingestLanes.map((lane) => ({
    lane,
    behindMs: backpressure.stateOf(lane).behindMs,
    jobs: jobs.get(ingestQueue(lane)) ?? 0,
  }));
  return { lanes, deadLetters };
}

/** Zones without a process alive, too: that is what somebody looks for here. */
async function readZones({ members, zones }: IngestHealthDeps): Promise<IngestionHealth['zones']> {
  const live = await members.live();
  return zones.map((zone) => ({
    zone,
    replicas: live
      .filter((member) => member.zone === zone)
      .map(({ name, serving, lagMs, damagedLogs = 0 }) => ({
        name,
        serving,
        lagMs,
        ...(damagedLogs > 0 && { damagedLogs }),
      })),
  }));
}
