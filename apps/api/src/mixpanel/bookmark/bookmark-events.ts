import { customEventPrefix } from '@arbor/schema/definitions';
import type { EventSelectorInput } from '@arbor/schema/query';
import type { BehaviorEntry } from './bookmark-schema.ts';
import { readFilters } from './bookmark-filters.ts';
import { anyEvents, readMatch } from './event-match.ts';
import { refuse } from './refuse.ts';

/** `event`, `custom-event`, or `simple`: any of several, users counted once over all (13.2). */
export function readSelector(behavior: BehaviorEntry, nowMs: number): EventSelectorInput {
  const filters = readFilters(behavior.filters, behavior.filtersDeterminer, nowMs);
  if (behavior.type === 'simple' || (behavior.behaviors?.length ?? 0) > 0) {
    const own = (behavior.behaviors ?? []).flatMap((one) => readSelector(one, nowMs).anyOf);
    if (own.length === 0) refuse('a behavior without', 'behaviors', 'name its events');
    return {
      anyOf: own.map((match) => ({ ...match, filters: [...(match.filters ?? []), ...filters] })),
    };
  }
  return { anyOf: [readMatch(eventName(behavior), filters)] };
}

function eventName({ type, id, name }: BehaviorEntry): string {
  if (type === 'custom-event' && id !== undefined && id !== null)
    return `${customEventPrefix}${id}`;
  return typeof name === 'string' && name !== ''
    ? name
    : refuse('an event named', name ?? null, 'give the behavior a name');
}

/** What a behavior is called in answers. */
export function behaviorName({ renamed, name, behaviors, type }: BehaviorEntry): string {
  const own = renamed ?? name;
  if (own) return anyEvents.has(own) ? 'All Events' : own;
  const parts = (behaviors ?? []).map(behaviorName);
  return parts.length > 0 ? parts.join(type === 'simple' ? ' or ' : ' and then ') : String(type);
}
