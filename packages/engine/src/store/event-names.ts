import type { EventName } from '@arbor/schema/catalog';
import type { ProjectTable } from './project-table.ts';

/** Most frequent first; those that only duplicates had are left out. */
export function eventNames({ events, base }: ProjectTable): EventName[] {
  const counts = new Map<string, number>();
  for (const [code, name] of events.eventNames.entries()) {
    counts.set(name, events.eventCounts.array[code]);
  }
  for (const { part } of base.segments) {
    for (const { name, rowCount } of part.events) {
      counts.set(name, (counts.get(name) ?? 0) + rowCount);
    }
  }
  return Array.from(counts, ([name, count]) => ({ name, count }))
    .filter(({ count }) => count > 0)
    .sort(byCountThenName);
}

/** The order of pickers. */
export function byCountThenName(
  a: { readonly name: string; readonly count: number },
  b: { readonly name: string; readonly count: number },
): number {
  return b.count - a.count || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
