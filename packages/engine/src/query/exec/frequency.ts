import type { FrequencyCells, FrequencyPartial } from '../merge/partial.ts';
import type { FrequencyPlan } from '../plan/plan-types.ts';
import { countLines, frequencyRows } from './frequency-rows.ts';
import type { FrequencyRows } from './frequency-rows.ts';
import { LineTable } from './line-table.ts';
import { createRowContext } from './row-context.ts';
import { hasBreakdown, segmentedBy, unsegmented } from './segments.ts';
import type { Entries } from './segments.ts';
import type { ShardView } from './shard-view.ts';

export function executeFrequency(plan: FrequencyPlan, stored: ShardView): FrequencyPartial {
  const context = createRowContext(plan, stored);
  const rows = frequencyRows(plan, context);
  const [overall] = frequencyCells(plan, rows, unsegmented(rows.rows));
  if (!hasBreakdown(plan)) return { type: 'frequency', overall, segments: [] };
  const entries = segmentedBy(plan, rows.rows, context.frame);
  const cells = frequencyCells(plan, rows, entries);
  const segments = entries.segments.map((segment, slot) => ({ segment, cells: cells[slot] }));
  return { type: 'frequency', overall, segments };
}

/** By slot: the buckets with somebody in them. */
function frequencyCells(
  { buckets, columns }: FrequencyPlan,
  rows: FrequencyRows,
  entries: Entries,
): FrequencyCells[] {
  const table = new LineTable(entries.slotCount, buckets.length);
  const ofEntry = new Uint32Array(entries.rows.length);
  for (let i = 0; i < ofEntry.length; i++) {
    ofEntry[i] = table.line(entries.slots[i], rows.buckets[entries.rows[i]]);
  }
  const counts = countLines(entries, rows, { ofEntry, count: table.count }, columns);
  return table.bySlot(entries.slotCount).map((lines) => ({
    buckets: lines.map((line) => table.groups[line]),
    atLeast: lines.map((line) => filled(counts.subarray(line * columns, (line + 1) * columns))),
  }));
}

/** Up to the last that is not 0: numbers of users never rise with k. */
function filled(counts: Float64Array): number[] {
  let length = counts.length;
  while (length > 0 && counts[length - 1] === 0) length--;
  return Array.from(counts.subarray(0, length));
}
