import type { LiveEntry, LiveFilter } from '@arbor/schema/live';

/** Whether a viewer with this filter wants the entry. All given conditions must hold. */
export function passesFilter(entry: LiveEntry, filter: LiveFilter): boolean {
  if (filter.kinds !== undefined && filter.kinds.length > 0 && !filter.kinds.includes(entry.kind)) {
    return false;
  }
  if (filter.event !== undefined && !(entry.kind === 'event' && entry.event === filter.event)) {
    return false;
  }
  return filter.user === undefined || identifiersOf(entry).includes(filter.user);
}

/** Every name under which the entry's user may be looked for. */
function identifiersOf(entry: LiveEntry): readonly string[] {
  switch (entry.kind) {
    case 'event':
    case 'person':
      return [entry.distinctId, entry.user];
    case 'alias':
      return [entry.alias, entry.user];
    case 'rejected':
      return [];
  }
}
