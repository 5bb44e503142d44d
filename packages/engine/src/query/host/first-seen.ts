import { sharedUint32 } from '../../base/shared-array.ts';
import { inSlices, Slices, type Steps } from '../../base/slices.ts';
import type { PropertyColumn } from '../exec/shard-view.ts';
import type { Plan } from '../plan/plan-types.ts';
import { scanNeeds } from '../scan/scan-needs.ts';
import type { UserTotals } from '../users/user-totals.ts';
import type { ActivityRequest } from './bring-activity.ts';
import { KeptTotals } from './kept-totals.ts';
import type { RunContext } from './query-run.ts';

/**
 * When a person's first event was (`ingestion-api.md` 4.5 and 12): computed, whatever a profile says. A text
 * `YYYY-MM-DDTHH:MM:SS` in UTC, as dates are sent; who has only a profile has none.
 */
export const firstEventProperty = '$mp_first_event_time';

/** Users whose time is made between two looks at the clock. */
const usersAStep = 16_384;

/** Whether the plan reads it. */
export function asksFirstSeen(plan: Plan): boolean {
  if (plan.type !== 'users') return scanNeeds(plan, false).personProperties.has(firstEventProperty);
  const columns = [...plan.columns, plan.sort.by];
  return (
    columns.some((column) => column.type === 'property' && column.name === firstEventProperty) ||
    plan.members.some(asksFirstSeen)
  );
}

/**
 * The property of all users of a project in one shard, kept while their first events stay what they are: the same column
 * as before is the same object, which threads and kept results know it by. Counts every event but the protocol's own, hidden ones
 * too: what a project hides does not change when somebody came.
 */
export class FirstSeen {
  readonly #totals = new KeptTotals();
  #known: { readonly totals: UserTotals; readonly column: PropertyColumn } | null = null;

  get bytes(): number {
    return this.#totals.bytes + (this.#known?.column.codes.byteLength ?? 0);
  }

  async column(context: RunContext, request: ActivityRequest): Promise<PropertyColumn> {
    const totals = await this.#totals.of(context, request, []);
    const { count } = request.snapshot.users;
    const known = this.#known;
    // Totals may be of more users than the snapshot has: one that is older than what they were added up from.
    const isOfAsMany = known?.column.codes.length === count + 1;
    if (known !== null && isOfAsMany && haveSameFirsts(known.totals, totals)) {
      this.#known = { totals, column: known.column };
      return known.column;
    }
    const steps = firstSeenColumn(totals, count);
    const column = await inSlices(steps, new Slices(() => performance.now()));
    this.#known = { totals, column };
    return column;
  }
}

/** Most of what comes is of users who were seen before. */
function haveSameFirsts({ firsts }: UserTotals, { firsts: others }: UserTotals): boolean {
  if (firsts === others) return true;
  if (firsts.length !== others.length) return false;
  for (let user = 0; user < firsts.length; user++) if (firsts[user] !== others[user]) return false;
  return true;
}

function* firstSeenColumn(
  { counts, firsts }: UserTotals,
  userCount: number,
): Steps<PropertyColumn> {
  const codes = sharedUint32(userCount + 1);
  const values: string[] = [];
  const codeOf = new Map<number, number>();
  for (let user = 1; user <= userCount; user++) {
    if (user % usersAStep === 0) yield;
    if (counts[user] === 0) continue;
    const second = Math.floor(firsts[user] / 1000);
    let code = codeOf.get(second);
    if (code === undefined) {
      code = values.push(new Date(second * 1000).toISOString().slice(0, 19));
      codeOf.set(second, code);
    }
    codes[user] = code;
  }
  return { codes, values: [null, ...values] };
}
