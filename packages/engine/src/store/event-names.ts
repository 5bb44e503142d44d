import type { EventName } from '@arbor/schema/catalog';
import type { EventTable } from './event-table.ts';
import type { ProjectTable } from './project-table.ts';

interface EventTotal {
  count: number;
  firstDay: number;
  lastDay: number;
}

/** With the UTC days of the first and the last; most frequent first; those that only duplicates had are left out. */
export function eventNames({ events, base }: ProjectTable): EventName[] {
  const totals = new Map<string, EventTotal>();
  for (const { entry, part } of base.segments) {
    for (const { name, rowCount } of part.events) add(totals, name, { rowCount, day: entry.day });
  }
  addMemory(totals, events);
  return Array.from(totals, ([name, total]) => ({ name, ...total })).sort(byCountThenName);
}

function add(
  totals: Map<string, EventTotal>,
  name: string,
  { rowCount, day }: { readonly rowCount: number; readonly day: number },
): void {
  if (rowCount === 0) return;
  const total = totals.get(name) ?? { count: 0, firstDay: day, lastDay: day };
  totals.set(name, total);
  total.count += rowCount;
  total.firstDay = Math.min(total.firstDay, day);
  total.lastDay = Math.max(total.lastDay, day);
}

function addMemory(totals: Map<string, EventTotal>, table: EventTable): void {
  const rowCounts = new Uint32Array(table.eventNames.length);
  for (const { day, rows } of table.days.list()) {
    countVisible(table, rows.array.subarray(0, rows.length), rowCounts);
    for (let code = 0; code < rowCounts.length; code++) {
      add(totals, table.eventNames[code], { rowCount: rowCounts[code], day });
    }
  }
}

/** Visible rows among `rows` by event code. */
function countVisible(table: EventTable, rows: Uint32Array, counts: Uint32Array): void {
  const events = table.events.array;
  counts.fill(0);
  for (let i = 0; i < rows.length; i++) {
    if (!table.isHidden(rows[i])) counts[events[rows[i]]]++;
  }
}

/** The order of pickers. */
export function byCountThenName(
  a: { readonly name: string; readonly count: number },
  b: { readonly name: string; readonly count: number },
): number {
  return b.count - a.count || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
