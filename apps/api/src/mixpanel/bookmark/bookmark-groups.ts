import type { Breakdown, BreakdownBuckets, PropertyRefInput } from '@arbor/schema/query';
import { breakdownSchema } from '@arbor/schema/query';
import type { GroupEntry } from './bookmark-schema.ts';
import { readCast, readCohort, readProperty } from './bookmark-properties.ts';
import { readUnit } from './bookmark-time.ts';

/** Breakdowns (`query-api.md` 13.3). */
export function readGroups(entries: readonly GroupEntry[], nowMs: number): Breakdown[] {
  return entries.map((entry) => breakdownSchema.parse(groupOf(entry, nowMs)));
}

function groupOf(entry: GroupEntry, nowMs: number): object {
  if (entry.cohorts && entry.cohorts.length > 0) {
    // In and not in come both of each, so a negated entry adds nothing.
    const known = entry.cohorts.filter(
      ({ id, negated }, i, all) =>
        negated !== true || !all.some((other, k) => k !== i && other.id === id && id !== null),
    );
    return { type: 'cohort', cohorts: known.map((cohort) => readCohort(cohort, nowMs)) };
  }
  const property = readProperty(entry);
  const buckets = bucketsOf(entry);
  const isCast = entry.typeCast !== undefined && entry.typeCast !== null;
  const cast: PropertyRefInput = isCast
    ? { ...property, cast: readCast(entry.typeCast ?? '') }
    : property;
  return { property: cast, ...(buckets && { buckets }) };
}

/** Numbers lie in automatic buckets, unless there are own ones or none are wanted (`reports.md` 3.7). */
function bucketsOf({
  customBucket,
  propertyType,
  typeCast,
  unit,
}: GroupEntry): BreakdownBuckets | undefined {
  const type = typeCast ?? propertyType;
  if ((type === 'datetime' || type === 'date') && unit) {
    return {
      type: 'date',
      unit: unit === 'hour_of_day' || unit === 'day_of_week' ? unit : readUnit(unit),
    };
  }
  if (customBucket?.disabled === true) return undefined;
  const { bucketSize: size, min, max } = customBucket ?? {};
  if (typeof size === 'number' && typeof min === 'number' && typeof max === 'number') {
    return { type: 'even', min, max, size };
  }
  return type === 'number' ? { type: 'auto' } : undefined;
}
