import { dayMs } from '../../format/segment/segment-rows.ts';
import { type EventNeeds, NeedsByEvent } from '../scan/event-needs.ts';
import type { EventHope } from '../scan/event-hope.ts';
import type { DayPart, PartEvent, ProjectSnapshot } from '../scan/project-snapshot.ts';
import type { MatchPlan } from '../plan/plan-types.ts';
import { namesEvent } from '../scan/row-mask.ts';
import type { ScanNeeds } from '../scan/scan-needs.ts';

/** A day of a snapshot, cut down to what a plan needs of it. */
export interface NeededDay {
  /** Of which snapshot, where a run goes over several (`run-shards.ts`); absent = of the only one. */
  readonly place?: number;
  readonly day: number;
  readonly startMs: number;
  readonly parts: readonly NeededPart[];
  /** In no particular order. */
  readonly events: readonly NeededEvent[];
  /** Who did anything at all; null = nobody asks. */
  readonly activity: NeededActivity | null;
}

export interface NeededActivity {
  /** When the first and the last of a user's rows came, too. */
  readonly times: boolean;
  /** How many rows each has, too. */
  readonly counts: boolean;
  /** Events that are left out, beside the protocol's own. */
  readonly hidden: readonly string[];
  /** Indices into the day's parts. */
  readonly present: readonly number[];
  /** Keys of those parts. */
  readonly key: string;
  /** Of events but the protocol's own, in all those parts together. */
  readonly rowsMax: number;
  readonly usersMax: number;
}

export interface NeededPart {
  readonly part: DayPart;
  /** Equal keys, equal rows. */
  readonly key: string;
}

export interface NeededEvent {
  readonly name: string;
  readonly needs: EventNeeds;
  /** Null = any of its rows may matter. */
  readonly hope: EventHope | null;
  /** Indices into the day's parts. */
  readonly present: readonly number[];
  /** Keys of those parts. */
  readonly key: string;
  /** In all those parts together: no merge can have more. */
  readonly rowsMax: number;
  readonly usersMax: number;
}

const onlyPart: readonly number[] = [0];

/** The days and events that the plan can look at, found without opening a file. */
export function neededDays(snapshot: ProjectSnapshot, needs: ScanNeeds): NeededDay[] {
  const byEvent = new NeedsByEvent(needs);
  const days: NeededDay[] = [];
  for (const { day, parts } of snapshot.days) {
    const startMs = day * dayMs;
    const keyed = parts.map((part) => ({ part, key: `${part.type}:${part.id}` }));
    const needed = parts.length === 1 ? eventsOfOne : eventsOfSeveral;
    const events = needed(keyed, (name) => {
      const needs = byEvent.of(name, startMs);
      return needs && { needs, hope: byEvent.hopeOf(name, startMs) };
    });
    const presence = byEvent.presenceOn(startMs);
    const activity =
      presence && activityOf(keyed, { times: presence === 'times', counts: false, hidden: [] });
    if (events.length > 0 || activity !== null) {
      days.push({ day, startMs, parts: keyed, events, activity });
    }
  }
  return days;
}

const anyEvent: MatchPlan = { event: null, filters: [] };

type ActivityWant = Pick<NeededActivity, 'times' | 'counts' | 'hidden'>;

/** Each day with who was there, of all days on which anybody was. */
export function activityOfDays(
  { days }: ProjectSnapshot,
  want: ActivityWant,
): (NeededDay & { readonly activity: NeededActivity })[] {
  return days.flatMap(({ day, parts }) => {
    const keyed = parts.map((part) => ({ part, key: `${part.type}:${part.id}` }));
    const activity = activityOf(keyed, want);
    return activity ? [{ day, startMs: day * dayMs, parts: keyed, events: [], activity }] : [];
  });
}

function activityOf(parts: readonly NeededPart[], want: ActivityWant): NeededActivity | null {
  const present: number[] = [];
  let rowsMax = 0;
  let usersMax = 0;
  for (const [index, { part }] of parts.entries()) {
    let own = 0;
    for (const { name, rowCount, userCount } of part.events) {
      if (rowCount === 0 || !namesEvent(anyEvent, name) || want.hidden.includes(name)) continue;
      own += rowCount;
      usersMax += userCount;
    }
    if (own > 0) present.push(index);
    rowsMax += own;
  }
  if (present.length === 0) return null;
  const key = present.map((index) => parts[index].key).join('+');
  return { ...want, present, key, rowsMax, usersMax };
}

type NeedsOf = (event: string) => Pick<NeededEvent, 'needs' | 'hope'> | null;

function eventsOfOne([{ part, key }]: readonly NeededPart[], needsOf: NeedsOf): NeededEvent[] {
  const found: NeededEvent[] = [];
  for (const { name, rowCount, userCount } of part.events) {
    const wanted = rowCount === 0 ? null : needsOf(name);
    if (wanted === null) continue;
    found.push({
      name,
      ...wanted,
      present: onlyPart,
      key,
      rowsMax: rowCount,
      usersMax: userCount,
    });
  }
  return found;
}

function eventsOfSeveral(parts: readonly NeededPart[], needsOf: NeedsOf): NeededEvent[] {
  const byName = new Map<string, { index: number; event: PartEvent }[]>();
  for (const [index, { part }] of parts.entries()) {
    for (const event of part.events) {
      if (event.rowCount === 0) continue;
      const known = byName.get(event.name);
      if (known === undefined) byName.set(event.name, [{ index, event }]);
      else known.push({ index, event });
    }
  }
  const found: NeededEvent[] = [];
  for (const [name, places] of byName) {
    const wanted = needsOf(name);
    if (wanted === null) continue;
    found.push({
      name,
      ...wanted,
      present: places.map(({ index }) => index),
      key: places.map(({ index }) => parts[index].key).join('+'),
      rowsMax: places.reduce((sum, { event }) => sum + event.rowCount, 0),
      usersMax: places.reduce((sum, { event }) => sum + event.userCount, 0),
    });
  }
  return found;
}
