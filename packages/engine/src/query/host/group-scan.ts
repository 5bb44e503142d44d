import { executePlan } from '../exec/execute.ts';
import { combinePartials } from '../merge/combine.ts';
import type { PartialResult } from '../merge/partial.ts';
import type { CountedGroupsPlan, Plan } from '../plan/plan-types.ts';
import { nameOfDoers } from '../plan/doer-properties.ts';
import { distinctIdProperty } from '../scan/people-mask.ts';
import { scanNeeds } from '../scan/scan-needs.ts';
import type { ScanSet, UserRange, UserScan } from '../scan/scan.ts';
import type { DayRows, ScanSource } from '../scan/scan-source.ts';
import { CodeUnion } from './code-union.ts';
import { GroupedRows } from './grouped-rows.ts';
import { GroupNames, GroupNumbers, groupParts } from './group-numbers.ts';

/** Rows of a range, as in the scan of users (row-scan.ts). */
const rangeRows = 250_000;

/** Partial results of ranges that are held before they become one. */
const partialsMax = 8;

/**
 * The way of plans that count groups: what a range of users is elsewhere is a range of parts of groups here. Each
 * looks at the groups of all rows, and takes those that are its own. A group has users on many shards: `sources` are
 * all shards of the project, and each day says of which it is.
 *
 * `rowCount`: of all sources, by which ranges are cut.
 */
export function createGroupScan(
  plan: Plan,
  counted: CountedGroupsPlan,
  { sources, rowCount }: { readonly sources: readonly ScanSource[]; readonly rowCount: number },
): ScanSet {
  const wanted = new Set(scanNeeds(plan, false).wants.flatMap(({ properties }) => [...properties]));
  for (const name of wanted) {
    const isMade = name === distinctIdProperty || nameOfDoers(name) !== null;
    if (isMade || name === counted.names[0]) wanted.delete(name);
  }
  const unions = new Map(Array.from(wanted, (name) => [name, new CodeUnion()] as const));
  const names = new GroupNames();
  let partials: PartialResult[] = [];
  const finish = (): PartialResult => combinePartials(plan, partials);
  const openRange = (first: number, end: number): UserRange => {
    const rows = new GroupedRows(sources, counted, {
      numbers: new GroupNumbers(names, first, end),
      unions,
    });
    return {
      add: (days) => addAll(days, rows),
      close: () => {
        partials.push(executePlan(plan, rows.view()));
        if (partials.length >= partialsMax) partials = [finish()];
      },
    };
  };
  const usersMax = Math.max(1, Math.floor((groupParts * rangeRows) / Math.max(rowCount, 1)));
  const scan: UserScan = { unit: 'users', usersMax, open: openRange };
  return { scans: [scan], finish };
}

function addAll(days: readonly DayRows[], rows: GroupedRows): void {
  for (const { startMs, place = 0, events } of days) {
    for (const event of events) rows.add(startMs, place, event);
  }
}
