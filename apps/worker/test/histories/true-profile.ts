import type { PersonOperation } from '@arbor/schema/ingest';
import type { PropertyValue } from '@arbor/schema/property-value';

/** A profile; undefined = there is none. */
export type TrueProfile = Readonly<Record<string, PropertyValue>> | undefined;

const same = (one: PropertyValue) => (other: PropertyValue) =>
  JSON.stringify(one) === JSON.stringify(other);
const isList = (value: PropertyValue | undefined): value is PropertyValue[] => Array.isArray(value);

/** The table of ingestion-api.md 4.3, line by line; null = the operator fails as a whole. */
export function operated(profile: TrueProfile, operation: PersonOperation): TrueProfile | null {
  const { operator } = operation;
  if (operator === '$delete') return undefined;
  if (profile === undefined && (operator === '$unset' || operator === '$remove')) return undefined;
  const next: Record<string, PropertyValue> = { ...profile };
  if (operator === '$unset') {
    for (const name of operation.names) delete next[name];
    return next;
  }
  for (const [name, value] of Object.entries(operation.values) as [string, PropertyValue][]) {
    const stored = next[name];
    if (operator === '$set') next[name] = value;
    if (operator === '$set_once' && stored === undefined) next[name] = value;
    if (operator === '$add') {
      if (stored !== undefined && typeof stored !== 'number') return null;
      next[name] = (stored ?? 0) + Number(value);
    }
    if (operator === '$append') {
      if (stored !== undefined && !isList(stored)) return null;
      next[name] = [...(stored ?? []), value];
    }
    if (operator === '$union') {
      if ((stored !== undefined && !isList(stored)) || !isList(value)) return null;
      const list = [...(stored ?? [])];
      for (const item of value) if (!list.some(same(item))) list.push(item);
      next[name] = list;
    }
    if (operator === '$remove' && isList(stored)) {
      next[name] = stored.filter((item) => !same(value)(item));
    }
  }
  return next;
}

/** A whole update: each operator by itself, and `$last_seen` unless all failed. */
export function updated(
  profile: TrueProfile,
  operations: readonly PersonOperation[],
  seenAt: string | null,
): TrueProfile {
  let next = profile;
  let isAccepted = false;
  for (const operation of operations) {
    const outcome = operated(next, operation);
    if (outcome === null) continue;
    next = outcome;
    isAccepted = true;
  }
  return next === undefined || !isAccepted || seenAt === null
    ? next
    : { ...next, $last_seen: seenAt };
}

/** reports.md 13.3: the canonical profile's values win, missing ones are filled. */
export function united(winner: TrueProfile, loser: TrueProfile): TrueProfile {
  return winner === undefined && loser === undefined ? undefined : { ...loser, ...winner };
}
