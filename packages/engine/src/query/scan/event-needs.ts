import { dayMs } from '../../format/segment/segment-rows.ts';
import { namesEvent } from './row-mask.ts';
import type { PresenceWant, RowWant, ScanNeeds } from './scan-needs.ts';

/** What a plan needs of one event on one day. */
export interface EventNeeds {
  /** Names of event properties. */
  readonly properties: readonly string[];
  readonly times: boolean;
  readonly users: boolean;
}

/** More wants of one event than this are united for every day anew. */
const rememberedWantsMax = 30;

/** Answers by event and day what is needed; equal needs of an event are the same object. */
export class NeedsByEvent {
  readonly #needs: ScanNeeds;
  readonly #events = new Map<string, WantsOfEvent>();

  constructor(needs: ScanNeeds) {
    this.#needs = needs;
  }

  /** On the UTC day that begins at `startMs`; null = nothing. */
  of(event: string, startMs: number): EventNeeds | null {
    let wants = this.#events.get(event);
    if (wants === undefined) {
      const named = this.#needs.wants.filter((want) =>
        namesEvent({ event: want.event, filters: [] }, event),
      );
      this.#events.set(event, (wants = new WantsOfEvent(named)));
    }
    return wants.on(startMs);
  }

  /** What is to be known of who did anything on that day; null = nothing. */
  presenceOn(startMs: number): PresenceWant | null {
    let presence: PresenceWant | null = null;
    for (const want of this.#needs.wants) {
      if (want.presence === null || presence === 'times' || !appliesOn(want, startMs)) continue;
      if (!isCut(want, startMs)) ({ presence } = want);
    }
    return presence;
  }
}

class WantsOfEvent {
  readonly #wants: readonly RowWant[];
  /** By which wants apply (a bit each) and whether times are needed (the sign). */
  readonly #known = new Map<number, EventNeeds>();

  constructor(wants: readonly RowWant[]) {
    this.#wants = wants;
  }

  on(startMs: number): EventNeeds | null {
    let applying = 0;
    let times = false;
    for (let i = 0; i < this.#wants.length; i++) {
      const want = this.#wants[i];
      if (!appliesOn(want, startMs)) continue;
      const cut = isCut(want, startMs);
      if (want.presence !== null && !cut) continue;
      applying += 2 ** i;
      times ||= cut;
    }
    if (applying === 0) return null;
    if (this.#wants.length > rememberedWantsMax) return this.#unite(startMs, times);
    const key = times ? -applying : applying;
    let needs = this.#known.get(key);
    if (needs === undefined) this.#known.set(key, (needs = this.#unite(startMs, times)));
    return needs;
  }

  #unite(startMs: number, times: boolean): EventNeeds {
    const properties = new Set<string>();
    let users = false;
    for (const want of this.#wants) {
      if (!appliesOn(want, startMs)) continue;
      if (want.presence !== null && !isCut(want, startMs)) continue;
      users ||= want.users;
      for (const name of want.properties) properties.add(name);
    }
    return { properties: [...properties], times, users };
  }
}

/** Whether the want is of rows of the UTC day that begins at `startMs`. */
function appliesOn(want: RowWant, startMs: number): boolean {
  return want.startMs < startMs + dayMs && want.endMs > startMs;
}

/** Whether rows of the day count differently from some instant inside it on. */
function isCut(want: RowWant, startMs: number): boolean {
  const { edges } = want;
  const endMs = startMs + dayMs;
  if (edges === null) return true;
  if (want.startMs > startMs || want.endMs < endMs) return true;
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle] <= startMs) low = middle + 1;
    else high = middle;
  }
  return low < edges.length && edges[low] < endMs;
}
