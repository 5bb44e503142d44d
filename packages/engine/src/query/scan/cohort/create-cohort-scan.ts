import { assert } from '../../../base/assert.ts';
import { knownUserProperty } from '../../exec/shard-view.ts';
import { narrowUsers } from '../../exec/user-conditions.ts';
import { packMembers } from '../../merge/member-bits.ts';
import type { CohortPartial, MemberRange } from '../../merge/partial.ts';
import { judgeCounts } from '../../kernels/judge-counts.ts';
import { notPlain } from '../../plan/plain-plan.ts';
import type { CohortPlan, Plan } from '../../plan/plan-types.ts';
import { firstRunOf, judgeWithin, MaskScratch, spanOfDay } from '../day-span.ts';
import { peopleMask } from '../people-mask.ts';
import { compileMatch } from '../row-mask.ts';
import type { RowMatch } from '../row-mask.ts';
import type { ScanSet, UserRange, UserScan } from '../scan.ts';
import type { DayRows, ScanSource } from '../scan-source.ts';
import { countMaskedRuns, countRuns, countRunsOf } from './count-runs.ts';

/** A count is four bytes a user and behavior: a few behaviors stay inside half of a cache of 1 MB. */
const usersMax = 32_768;

/** How many users meet the conditions of a cohort: counts how often each did what, then judges. */
export function createCohortScans(plan: Plan, source: ScanSource): ScanSet | null {
  if (plan.type !== 'cohort') return null;
  const scan = new CohortScan(plan, source);
  return { scans: [scan], finish: () => scan.finish() };
}

class CohortScan implements UserScan {
  readonly unit = 'users';
  readonly usersMax = usersMax;
  /** Of all ranges closed so far. */
  #users = 0;
  /** Of these ranges, where the plan asks who they are. */
  readonly #named: MemberRange[] = [];
  readonly #plan: CohortPlan;
  readonly #source: ScanSource;
  readonly #matches: readonly RowMatch[];
  readonly #scratch = new MaskScratch();
  /** Counts of ranges that are closed: a query opens many, and their memory would be the collector's work. */
  readonly #spare: Uint32Array[] = [];
  readonly #members = new Uint8Array(usersMax);

  constructor(plan: CohortPlan, source: ScanSource) {
    this.#plan = plan;
    this.#source = source;
    this.#matches = plan.behaviors.map(({ selector }) => compileMatch(selector, [], source));
  }

  open(first: number, end: number): UserRange {
    assert(first >= 1, () => `a range of users begins at ${first}, and ordinals at 1`);
    const counts = this.#plan.behaviors.map(() => this.#newCounts(end - first));
    return {
      add: (days) => {
        for (const [index, own] of counts.entries()) {
          for (const day of days) this.#countDay(index, day, first, own);
        }
      },
      close: () => {
        const members = this.#membersOf(first, counts, end - first);
        this.#users += countOnes(members);
        if (this.#plan.members) this.#named.push(packMembers(members, first));
        this.#spare.push(...counts);
      },
    };
  }

  finish(): CohortPartial {
    const users = this.#users;
    return { type: 'cohort', users, ...(this.#plan.members && { members: this.#named }) };
  }

  #newCounts(length: number): Uint32Array {
    const spare = this.#spare.pop();
    // The last range is shorter than the others.
    return spare?.length === length ? spare.fill(0) : new Uint32Array(length);
  }

  /** Adds one day to the counts of a behavior; users from ordinal `base` on. */
  #countDay(index: number, day: DayRows, base: number, counts: Uint32Array): void {
    const { startMs, endMs } = this.#plan.behaviors[index];
    const span = spanOfDay(startMs, endMs, day.startMs);
    if (!span) return;
    for (const rows of day.events) {
      const match = this.#matches[index].ofEvent(rows.event);
      if (!match) continue;
      const slice = {
        users: rows.users,
        starts: rows.starts,
        first: firstRunOf(rows.users, base),
        end: firstRunOf(rows.users, base + counts.length),
      };
      if (slice.first === slice.end) continue;
      const bounds = { first: rows.starts[slice.first], end: rows.starts[slice.end] };
      const mask = this.#scratch.take(bounds.end - bounds.first);
      const judgement = judgeWithin(match, rows, bounds, span, mask);
      if (judgement === 'none') continue;
      if (judgement === 'some') {
        countMaskedRuns(slice, base, { passing: match.users, mask }, counts);
      } else if (match.users) countRunsOf(slice, base, match.users, counts);
      else countRuns(slice, base, counts);
    }
  }

  /** 1 where user base + i is one; right until the next range is closed. */
  #membersOf(base: number, counts: readonly Uint32Array[], length: number): Uint8Array {
    const mask = this.#members.subarray(0, length).fill(1);
    dropMerged(this.#source.mergedUsers, base, mask);
    const known = this.#source.personColumn(knownUserProperty);
    for (let i = 0; known && i < length; i++) mask[i] &= known.codes[base + i];
    narrowUsers(
      this.#plan.conditions,
      {
        property: (filter, own) => {
          const people = peopleMask([filter], this.#source);
          for (let i = 0; i < own.length; i++) own[i] &= people[base + i];
        },
        behavior: (index, own) => {
          judgeCounts(counts[index], this.#plan.behaviors[index], own);
        },
        history: ({ type }) => notPlain(type),
      },
      mask,
    );
    return mask;
  }
}

function countOnes(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i];
  return count;
}

/** Who was merged into another user is that user now, and is not counted for itself. */
function dropMerged(merged: Uint32Array, base: number, mask: Uint8Array): void {
  for (let i = firstRunOf(merged, base); i < merged.length; i++) {
    if (merged[i] >= base + mask.length) return;
    mask[merged[i] - base] = 0;
  }
}
