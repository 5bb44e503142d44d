import { createHmac, randomBytes } from 'node:crypto';
import type { JsonObject } from './clean-properties.ts';

const dayMs = 86_400_000;
const keyBytes = 32;
/** A request that began before midnight may be sent again after it, and must find the same id. */
const overlapMs = 60 * 60 * 1000;

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
 * a way back to address or agent and without one from day to day. The key of a day is random, lies in this process's memory
 * alone, and is thrown away an hour after the day: whoever has all that is stored cannot compute an id. Each process of the api
 * has keys of its own, and so has one that was started anew.
 */
export class CookielessIds {
  readonly #keys = new Map<number, Buffer>();

  /** `time` = when it happened, `now` = when it arrived, ms UTC. */
  idOf({ project, address, userAgent, site }: Visitor, time: number, now: number): string {
    const parts = [String(project), address, userAgent, site];
    const hash = createHmac('sha256', this.#keyOf(time, now)).update(JSON.stringify(parts));
    return `$cookieless:${hash.digest('hex').slice(0, 32)}`;
  }

  /** Of the day of the record while its key is there, else of today: a record is never refused for it. */
  #keyOf(time: number, now: number): Buffer {
    const today = Math.floor(now / dayMs);
    const oldest = Math.floor((now - overlapMs) / dayMs);
    for (const day of this.#keys.keys()) if (day < oldest) this.#keys.delete(day);
    const day = Math.min(today, Math.max(oldest, Math.floor(time / dayMs)));
    let key = this.#keys.get(day);
    if (key === undefined) this.#keys.set(day, (key = randomBytes(keyBytes)));
    return key;
  }
}

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
