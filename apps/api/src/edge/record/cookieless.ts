import { createHmac } from 'node:crypto';
import type { DayKeys } from '../ports.ts';
import type { JsonObject } from './clean-properties.ts';

const dayMs = 86_400_000;
/** A request that began before midnight may be sent again after it, and must find the same id. */
const overlapMs = 60 * 60 * 1000;

/** So often a process asks whether its key is still that of the others: after a restart of Redis it may not be. */
const againMs = 10_000;

/** Who is not to be known longer than a day, as far as a server sees him. */
export interface Visitor {
  readonly project: number;
  readonly address: string;
  readonly userAgent: string;
  /** Origin of the page; "" = none was sent. */
  readonly site: string;
}

/**
 * Ids of visitors whose browsers keep nothing (`persistence: 'none'`, `browser-sdk.md` SRV-9): the same for a UTC day, without
 * a way back to address or agent and without one from day to day. The key of a day is random, the same in all processes of the
 * api, and is used no longer than an hour after the day and thrown away soon then: whoever has all that is stored cannot compute an id.
 */
export class CookielessIds {
  readonly #keyOf: DayKeys;
  readonly #keys = new Map<number, Buffer>();
  /** When each was asked for last. */
  readonly #asked = new Map<number, number>();

  constructor(keyOf: DayKeys) {
    this.#keyOf = keyOf;
  }

  /** Before ids are asked for that arrived at `now`, ms UTC. Rejects as `DayKeys` does. */
  async prepare(now: number): Promise<void> {
    const { today, oldest } = daysAt(now);
    for (const day of this.#keys.keys()) {
      if (day >= oldest) continue;
      this.#keys.delete(day);
      this.#asked.delete(day);
    }
    for (let day = oldest; day <= today; day++) {
      const asking = this.#ask(day, now);
      // Nobody waits for what is only asked again, and a failure leaves the key that there is.
      if (this.#keys.has(day)) asking.catch(() => undefined);
      else await asking;
    }
  }

  async #ask(day: number, now: number): Promise<void> {
    if (this.#keys.has(day) && now - (this.#asked.get(day) ?? -Infinity) < againMs) return;
    this.#asked.set(day, now);
    this.#keys.set(day, await this.#keyOf(day, (day + 1) * dayMs + overlapMs - now));
  }

  /**
   * `time` = when it happened, `now` = when it arrived, for which it is prepared; ms UTC. Of the day of the record while its key
   * is there, else of today: a record is never refused for it.
   */
  idOf({ project, address, userAgent, site }: Visitor, time: number, now: number): string {
    const { today, oldest } = daysAt(now);
    const day = Math.min(today, Math.max(oldest, Math.floor(time / dayMs)));
    const key = this.#keys.get(day);
    if (key === undefined) throw new Error(`the key of day ${day} was not prepared`);
    const parts = [String(project), address, userAgent, site];
    const hash = createHmac('sha256', key).update(JSON.stringify(parts));
    return `$cookieless:${hash.digest('hex').slice(0, 32)}`;
  }
}

/** The days, since 1970, whose keys there are. */
const daysAt = (now: number): { readonly today: number; readonly oldest: number } => ({
  today: Math.floor(now / dayMs),
  oldest: Math.floor((now - overlapMs) / dayMs),
});

export const isCookieless = (fields: JsonObject): boolean => fields['$cookieless'] === true;

/** Who says that nobody is known names nobody: such a name would tie the day's id to somebody for ever. */
const naming: ReadonlySet<string> = new Set([
  'distinct_id',
  '$distinct_id',
  '$device_id',
  '$user_id',
  '$anon_id',
  '$anon_distinct_id',
  '$identified_id',
  'alias',
]);

export const withoutNames = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !naming.has(name)));

/** Events that merge two users; those of a day are never merged with others. */
export const mergingEvents: ReadonlySet<unknown> = new Set([
  '$identify',
  '$create_alias',
  '$merge',
]);
