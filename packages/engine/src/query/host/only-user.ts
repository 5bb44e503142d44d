import { isStoredProperty } from '../plan/plain-plan.ts';
import type { FilterPlan, Plan } from '../plan/plan-types.ts';
import { distinctIdProperty } from '../scan/people-mask.ts';
import type { ProjectSnapshot, SnapshotDay, UserIds } from '../scan/project-snapshot.ts';

/**
 * The id of the user whom alone a plan is about, because a filter on everything it looks at names him; null = it is
 * about others too. Only his rows need to be read then, and only the days on which he has some.
 */
export function onlyUserOf(plan: Plan): string | null {
  const report = plan.type === 'list' ? plan.of : plan;
  if (report.type === 'cohort' || report.type === 'users') return null;
  // Rows are found by groups then.
  if (report.counted !== undefined) return null;
  // Profiles are counted without a row.
  if (report.type === 'insights' && report.metrics.some(({ people }) => people !== undefined)) {
    return null;
  }
  for (const filter of report.filters) {
    const id = idNamedBy(filter);
    if (id !== null) return id;
  }
  return null;
}

function idNamedBy(filter: FilterPlan): string | null {
  if (filter.type !== 'property' || filter.operator !== 'equals') return null;
  const { property, values, quantifier } = filter;
  if (property.name !== distinctIdProperty || !isStoredProperty(property)) return null;
  if (values.length !== 1 || quantifier === 'all') return null;
  const [id] = values;
  return typeof id === 'string' && id !== '' ? id : null;
}

/** Ordinal of an id; 0 = nobody has it. Walks over all of them: their lengths alone rule out nearly every one. */
export function findUser({ count, bytes, ends }: UserIds, id: string): number {
  const wanted = Buffer.from(id);
  const { length } = wanted;
  let start = 0;
  for (let ordinal = 1; ordinal <= count; ordinal++) {
    const end = ends[ordinal];
    if (end - start === length && wanted.compare(bytes, start, end) === 0) return ordinal;
    start = end;
  }
  return 0;
}

/** The same snapshot, asked about one user (absent = all) on some of its days. */
export function narrowed(
  snapshot: ProjectSnapshot,
  days: readonly SnapshotDay[],
  onlyUser = snapshot.onlyUser,
): ProjectSnapshot {
  return { ...snapshot, days, ...(onlyUser !== undefined && { onlyUser }) };
}
