import type { RetentionPartial } from '../merge/partial.ts';
import type { RetentionPlan } from '../plan/plan-types.ts';
import { retentionCells } from './retention-lines.ts';
import { retentionRows } from './retention-rows.ts';
import { splitRows, wholeSplit } from './retention-split.ts';
import type { RetentionSplit } from './retention-split.ts';
import { retentionWalk } from './retention-walk.ts';
import { createRowContext } from './row-context.ts';
import type { ShardView } from './shard-view.ts';

export function executeRetention(plan: RetentionPlan, stored: ShardView): RetentionPartial {
  const context = createRowContext(plan, stored);
  const rows = retentionRows(plan, context);
  const cellsOf = (split: RetentionSplit) =>
    retentionCells(plan, rows, split, retentionWalk(plan, rows, split, context));
  const [overall] = cellsOf(wholeSplit(rows));
  const split = splitRows(plan, rows, context, plan.options?.listed ?? null);
  if (split === null) return { type: 'retention', overall, segments: [] };
  const cells = cellsOf(split);
  return {
    type: 'retention',
    overall,
    // By return, a slot may have no event within any window.
    segments: split.segments.flatMap((segment, slot) =>
      cells[slot].cohorts.length === 0 ? [] : [{ segment, cells: cells[slot] }],
    ),
  };
}
