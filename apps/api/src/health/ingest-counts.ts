import { keepRefused } from '@arbor/queue/keep-refused';
import type { Logger } from '@arbor/runtime/logger';
import { rejectedStreamEntriesMax } from '@arbor/schema/cluster';
import type { IngestBatch, IngestRecord } from '@arbor/schema/ingest';
import { lossReasonSchema } from '@arbor/schema/ingestion-health';
import type { RejectedEntry } from '@arbor/schema/live';
import type { ChainableCommander, Redis } from 'ioredis';
import type { RefusedCount } from '../edge/ports.ts';
import {
  acceptedField,
  hourKey,
  hourMs,
  hoursKeptSeconds,
  lastKey,
  lastKeptSeconds,
  lostField,
  minuteMs,
  minutesKey,
  minutesKeptSeconds,
  refusedField,
} from '@arbor/queue/count-keys';
import { fieldText, reasonText } from './reason-text.ts';

/** Counts wait so long for others that go with them: Redis writes each to its disk before it answers. */
const flushEveryMs = 1000;
/**
 * Kinds of one project in one hour, in each process; what is over them counts as one more. Libraries, fields and origins
 * come from outside: without a bound whoever has a token would fill Redis, which the queues live in.
 */
const kindsMax = 200;
const libraryCharactersMax = 64;
/** One event tells of no more: its number comes from outside, and the sum of an hour must stay exact. */
const lostAtOnceMax = 1_000_000;
/** Projects and hours that wait at the same time; past it the counts of others are given up while Redis is away. */
const waitingMax = 20_000;
/** Records of one reason that are kept of a minute, in each process: a flood of one reason leaves room for others. */
const keptPerMinute = 5;
const keptReasonsMax = 10_000;

/** What waits to be added for a project and an hour. */
interface Waiting {
  readonly project: number;
  readonly hour: number;
  readonly minutes: Map<string, number>;
  readonly kinds: Map<string, number>;
  readonly last: Map<string, number>;
}

/**
 * Counts what the edge took and refused, by project. Best effort beside the records themselves: it never delays or fails a
 * request, and a process that is killed takes the last second with it.
 */
export class IngestCounts {
  readonly #redis: Redis;
  readonly #logger: Logger;
  #waiting = new Map<string, Waiting>();
  #kept: { project: number; entry: RejectedEntry }[] = [];
  #keptMinute = 0;
  #keptCounts = new Map<string, number>();
  #kindsHour = 0;
  /** By project: the kinds that were counted in this hour. */
  #kinds = new Map<number, Set<string>>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(redis: Redis, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  /** Called once a batch is durable. */
  accepted({ project, source, receivedAt, records }: IngestBatch): void {
    const waiting = this.#waitingOf(project, receivedAt);
    if (waiting === null) return;
    add(waiting.minutes, `${minuteOf(receivedAt)}a`, records.length);
    const others = acceptedField({ source, library: '…' });
    let library: string | null = null;
    let field = others;
    for (const record of records) {
      const own = record.kind === 'event' ? libraryOf(record.properties['mp_lib']) : '';
      if (own !== library) {
        library = own;
        field = this.#bounded(waiting, acceptedField({ source, library }), others);
      }
      add(waiting.kinds, field, 1);
      waiting.last.set(field, receivedAt);
      if (source === 'sdk') addLost(waiting.kinds, record);
    }
    this.#schedule();
  }

  refused(project: number, { source, problem, now, entry }: RefusedCount): void {
    const waiting = this.#waitingOf(project, now);
    if (waiting === null) return;
    add(waiting.minutes, `${minuteOf(now)}r`, 1);
    const kind = {
      source,
      code: problem.code,
      field: fieldText(problem.field),
      reason: reasonText(problem.message),
    };
    const others = refusedField({ source, code: 'others', field: '', reason: 'other reasons' });
    const field = this.#bounded(waiting, refusedField(kind), others);
    add(waiting.kinds, field, 1);
    if (this.#isKept(`${project} ${field}`, now)) this.#kept.push({ project, entry: entry() });
    this.#schedule();
  }

  /** Adds what waits; the last time after the server has closed. */
  async drain(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flush();
    await this.#flushing;
  }

  /** The field, or that of all others where the project has had too many in this hour. */
  #bounded({ project, hour }: Waiting, field: string, others: string): string {
    if (hour > this.#kindsHour) {
      this.#kindsHour = hour;
      this.#kinds.clear();
    }
    const kinds = this.#kinds.get(project) ?? new Set<string>();
    this.#kinds.set(project, kinds);
    if (kinds.has(field)) return field;
    if (kinds.size >= kindsMax) return others;
    kinds.add(field);
    return field;
  }

  #isKept(key: string, now: number): boolean {
    const minute = Math.floor(now / minuteMs);
    if (minute !== this.#keptMinute || this.#keptCounts.size > keptReasonsMax) {
      this.#keptMinute = minute;
      this.#keptCounts.clear();
    }
    const count = (this.#keptCounts.get(key) ?? 0) + 1;
    this.#keptCounts.set(key, count);
    return count <= keptPerMinute && this.#kept.length < rejectedStreamEntriesMax;
  }

  #waitingOf(project: number, now: number): Waiting | null {
    const hour = Math.floor(now / hourMs);
    const key = `${project} ${hour}`;
    const known = this.#waiting.get(key);
    if (known !== undefined) return known;
    if (this.#waiting.size >= waitingMax) return null;
    const maps = { minutes: new Map<string, number>(), kinds: new Map<string, number>() };
    const waiting = { project, hour, ...maps, last: new Map<string, number>() };
    this.#waiting.set(key, waiting);
    return waiting;
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#flush();
    }, flushEveryMs).unref();
  }

  #flush(): void {
    const [waiting, kept] = [this.#waiting, this.#kept];
    if (waiting.size === 0) return;
    this.#waiting = new Map();
    this.#kept = [];
    this.#flushing = this.#flushing
      .then(() => write(this.#redis, waiting.values(), kept))
      .catch((error: unknown) => {
        // Counts are not offered again: a part of them may be there.
        this.#logger.info({ reason: String(error) }, 'counts of ingestion are lost');
      });
  }
}

async function write(
  redis: Redis,
  waiting: Iterable<Waiting>,
  kept: readonly { readonly project: number; readonly entry: RejectedEntry }[],
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const { project, hour, minutes, kinds, last } of waiting) {
    addAll(pipeline, minutesKey(project, hour), minutes, minutesKeptSeconds);
    addAll(pipeline, hourKey(project, hour), kinds, hoursKeptSeconds);
    if (last.size === 0) continue;
    pipeline.hset(lastKey(project), Object.fromEntries(last));
    pipeline.expire(lastKey(project), lastKeptSeconds);
  }
  for (const { project, entry } of kept) keepRefused(pipeline, project, entry);
  for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
}

function addAll(
  pipeline: ChainableCommander,
  key: string,
  counts: ReadonlyMap<string, number>,
  keptSeconds: number,
): void {
  for (const [field, count] of counts) pipeline.hincrby(key, field, count);
  pipeline.expire(key, keptSeconds);
}

const minuteOf = (now: number): number => Math.floor(now / minuteMs) % 60;

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function libraryOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, libraryCharactersMax) : '';
}

/** What the browser SDK had to give up it tells with the next event that it keeps (`browser-sdk.md` SRV-10). */
function addLost(kinds: Map<string, number>, record: IngestRecord): void {
  if (record.kind !== 'event') return;
  const { $dropped: count, $dropped_reason: given } = record.properties;
  if (typeof count !== 'number' || !(count >= 1)) return;
  const { success, data: reason } = lossReasonSchema.safeParse(given);
  if (success) add(kinds, lostField(reason), Math.min(Math.floor(count), lostAtOnceMax));
}
