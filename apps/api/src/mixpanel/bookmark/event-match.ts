import type { EventSelectorInput, FilterInput } from '@arbor/schema/query';

export const anyEvents: ReadonlySet<string> = new Set([
  '$mp_anything_event',
  '$all_events',
  '$any_event',
]);

/** One event with filters; some names stand for any event. */
export function readMatch(
  name: string,
  filters: FilterInput[],
): EventSelectorInput['anyOf'][number] {
  return { event: anyEvents.has(name) ? null : name, filters };
}
