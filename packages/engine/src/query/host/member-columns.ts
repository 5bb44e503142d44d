import { assert } from '../../base/assert.ts';
import { sharedUint32 } from '../../base/shared-array.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import { unpackMembers } from '../merge/member-bits.ts';
import type { PartialResult } from '../merge/partial.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';

/** Members have `true`. */
const memberValues: PropertyColumn['values'] = [null, true];

/** Who is in a cohort, out of what a plan with `members` was answered, as a column of persons. */
export function memberColumn(
  partials: readonly PartialResult[],
  userCount: number,
): PropertyColumn {
  const codes = sharedUint32(userCount + 1);
  for (const partial of partials) {
    assert(partial.type === 'cohort', () => `a ${partial.type} result does not name members`);
    for (const range of partial.members ?? []) unpackMembers(range, codes);
  }
  return { codes, values: memberValues };
}

/** The same snapshot, whose persons have some columns more. */
export function withPersonColumns(
  snapshot: ProjectSnapshot,
  columns: ReadonlyMap<string, PropertyColumn>,
): ProjectSnapshot {
  const { project, shard, users, redirects, days, onlyUser } = snapshot;
  return {
    project,
    shard,
    users,
    redirects,
    ...(onlyUser !== undefined && { onlyUser }),
    days,
    personProperty: (name) => columns.get(name) ?? snapshot.personProperty(name),
    personSteps: (names) =>
      snapshot.personSteps?.(new Set([...names].filter((name) => !columns.has(name)))) ?? null,
  };
}
