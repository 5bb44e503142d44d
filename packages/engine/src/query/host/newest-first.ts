import { dayMs } from '../../format/segment/segment-rows.ts';
import { combineLists } from '../merge/list.ts';
import type { ListPartial, PartialResult } from '../merge/partial.ts';
import { isPlainPlan } from '../plan/plain-plan.ts';
import type { InsightsPlan, ListPlan, Plan } from '../plan/plan-types.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { narrowed } from './only-user.ts';
import type { ScanAnswer } from './query-run.ts';
import { readPartial } from './thread-messages.ts';

/**
 * A list of which the newest days are enough once they fill a page: nobody wants to know how many there are, and what
 * lies behind the number is decided by each event alone.
 */
export function isNewestFirst(plan: Plan): plan is ListPlan {
  return (
    plan.type === 'list' &&
    !plan.isCounted &&
    plan.what === 'events' &&
    plan.chosen === null &&
    plan.of.type === 'insights' &&
    isPlainPlan(withoutHidden(plan.of))
  );
}

/** Which names "any event" leaves out is decided by each event alone as well. */
function withoutHidden(plan: InsightsPlan): InsightsPlan {
  const metrics = plan.metrics.map((metric) => ({
    ...metric,
    selector: metric.selector.map((match) => ({ ...match, hidden: [] })),
  }));
  return { ...plan, metrics };
}

/** Asks some days at a time, the newest first and ever more of them, until the page is full. */
export async function runNewestFirst(
  plan: ListPlan,
  snapshot: ProjectSnapshot,
  run: (snapshot: ProjectSnapshot) => Promise<ScanAnswer>,
): Promise<ScanAnswer> {
  const lastMs = plan.after?.type === 'event' ? plan.after.timeMs : Infinity;
  const days = snapshot.days.filter(({ day }) => day * dayMs <= lastMs);
  const partials: Uint8Array[] = [];
  const found: ListPartial[] = [];
  let rowsScanned = 0;
  for (let count = 1, end = days.length; end > 0; count *= 2) {
    const start = Math.max(0, end - count);
    const answer = await run(narrowed(snapshot, days.slice(start, end)));
    end = start;
    rowsScanned += answer.rowsScanned;
    partials.push(...answer.partials);
    found.push(...answer.partials.map(readPartial).filter(isList));
    if (combineLists(plan, found).events.length > plan.limit) break;
  }
  return { partials, rowsScanned };
}

function isList(partial: PartialResult): partial is ListPartial {
  return partial.type === 'list';
}
