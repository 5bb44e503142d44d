import { dayMs } from '../../format/segment/segment-rows.ts';
import type { FilterPlan } from '../plan/plan-types.ts';
import { type EventHope, eventHope, rowFilters, type RowKind } from './event-hope.ts';
import { spanOfDay } from './day-span.ts';
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
  /** Of the day that was asked about last: all events of a day are asked about one after the other. */
  #day: DayOfWants | null = null;

  constructor(needs: ScanNeeds) {
    this.#needs = needs;
  }

  /** On the UTC day that begins at `startMs`; null = nothing. */
  of(event: string, startMs: number): EventNeeds | null {
    return this.#wantsOf(event).on(this.#dayOf(startMs));
  }

  /** What of the event there may not matter after all; null = all of what is needed. */
  hopeOf(event: string, startMs: number): EventHope | null {
    return this.#wantsOf(event).hopeOn(this.#dayOf(startMs));
  }

  #wantsOf(event: string): WantsOfEvent {
    let wants = this.#events.get(event);
    if (wants === undefined) {
      this.#events.set(event, (wants = new WantsOfEvent(this.#needs.wants, event)));
    }
    return wants;
  }

  #dayOf(startMs: number): DayOfWants {
    if (this.#day?.startMs !== startMs) this.#day = dayOfWants(this.#needs.wants, startMs);
    return this.#day;
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

/** What the wants (by index) ask of one UTC day. */
interface DayOfWants {
  readonly startMs: number;
  /** 1 = rows of the day are wanted. */
  readonly applies: Uint8Array;
  /** 1 = they count differently from some instant inside it on. */
  readonly isCut: Uint8Array;
}

function dayOfWants(wants: readonly RowWant[], startMs: number): DayOfWants {
  const applies = new Uint8Array(wants.length);
  const cuts = new Uint8Array(wants.length);
  for (const [index, want] of wants.entries()) {
    if (!appliesOn(want, startMs)) continue;
    const cut = isCut(want, startMs);
    // Where it is enough who has rows, a day that is counted as a whole needs none.
    if (want.presence !== null && !cut) continue;
    applies[index] = 1;
    if (cut) cuts[index] = 1;
  }
  return { startMs, applies, isCut: cuts };
}

class WantsOfEvent {
  readonly #wants: readonly RowWant[];
  /** Indices of those that are of the event. */
  readonly #own: readonly number[];
  /** Along `#own`: what of their filters rows of the event decide. */
  readonly #filters: readonly (readonly FilterPlan[])[];
  /** By which of them apply (a bit each) and whether times are needed (the sign). */
  readonly #known = new Map<number, EventNeeds>();
  /** Of days that none of the wants begins or ends in, by which of them apply. */
  readonly #hopes = new Map<number, EventHope | null>();

  constructor(wants: readonly RowWant[], event: string) {
    const own: number[] = [];
    const filters: (readonly FilterPlan[])[] = [];
    for (const [index, want] of wants.entries()) {
      if (!namesEvent({ event: want.event, filters: [] }, event)) continue;
      const ofRows = rowFilters(want.filters, event);
      if (ofRows === null) continue;
      own.push(index);
      filters.push(ofRows);
    }
    this.#wants = wants;
    this.#own = own;
    this.#filters = filters;
  }

  on(day: DayOfWants): EventNeeds | null {
    let applying = 0;
    let times = false;
    for (let i = 0; i < this.#own.length; i++) {
      const index = this.#own[i];
      if (day.applies[index] === 0) continue;
      applying += 2 ** i;
      times ||= day.isCut[index] === 1;
    }
    if (applying === 0) return null;
    if (this.#own.length > rememberedWantsMax) return this.#unite(day, times);
    const key = times ? -applying : applying;
    let needs = this.#known.get(key);
    if (needs === undefined) this.#known.set(key, (needs = this.#unite(day, times)));
    return needs;
  }

  hopeOn(day: DayOfWants): EventHope | null {
    let applying = 0;
    let isWhole = true;
    for (let i = 0; i < this.#own.length; i++) {
      const index = this.#own[i];
      if (day.applies[index] === 0) continue;
      applying += 2 ** i;
      const { startMs, endMs } = this.#wants[index];
      const isOwnWhole = startMs <= day.startMs && endMs >= day.startMs + dayMs;
      if (isOwnWhole && this.#filters[i].length === 0) return null;
      isWhole &&= isOwnWhole;
    }
    if (!isWhole || this.#own.length > rememberedWantsMax) return eventHope(this.#kindsOn(day));
    let hope = this.#hopes.get(applying);
    if (hope === undefined) this.#hopes.set(applying, (hope = eventHope(this.#kindsOn(day))));
    return hope;
  }

  #kindsOn({ applies, startMs }: DayOfWants): RowKind[] {
    return this.#own.flatMap((index, i) => {
      const want = this.#wants[index];
      const span = applies[index] === 1 ? spanOfDay(want.startMs, want.endMs, startMs) : null;
      return span === null ? [] : [{ span, filters: this.#filters[i] }];
    });
  }

  #unite({ applies }: DayOfWants, times: boolean): EventNeeds {
    const properties = new Set<string>();
    let users = false;
    for (const index of this.#own) {
      if (applies[index] === 0) continue;
      users ||= this.#wants[index].users;
      for (const name of this.#wants[index].properties) properties.add(name);
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
