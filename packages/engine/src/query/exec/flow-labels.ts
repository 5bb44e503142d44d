import { segmentKey } from '../merge/segment-groups.ts';
import type { FlowLabel } from '../merge/flow-partial.ts';
import type { FlowPlan } from '../plan/plan-types.ts';
import { selectorMask } from './filter-mask.ts';
import type { RowContext } from './row-context.ts';
import { segmentOf } from './value-segments.ts';
import type { PropertyColumn } from './shard-view.ts';

/** What the rows of a view are shown as in a flow. */
export interface FlowLabels {
  readonly labels: readonly FlowLabel[];
  /** Index of a label, by row. */
  readonly ofRow: Uint32Array;
  /** A number for each name that is shown, by row. */
  readonly names: Uint32Array;
}

export function flowLabels(plan: FlowPlan, context: RowContext): FlowLabels {
  const { names, texts } = shownNames(plan, context);
  const labels: FlowLabel[] = texts.map((event) => ({ event }));
  const ofRow = names.slice();
  const expanded = new Set<string>();
  for (const { event, property } of plan.expand) {
    if (expanded.has(event)) continue;
    expanded.add(event);
    const column = context.frame.column(property);
    const codes = column?.codes ?? new Uint32Array(names.length);
    const byCode = valueLabels(event, column, labels);
    for (const [name, text] of texts.entries()) {
      if (text !== event) continue;
      for (let row = 0; row < names.length; row++) {
        if (names[row] === name) ofRow[row] = byCode[codes[row]];
      }
    }
  }
  return { labels, ofRow, names };
}

/** Events by their names; those of a custom event by its name, of several the one that comes first. */
function shownNames(
  { customEvents }: FlowPlan,
  { view, frame }: RowContext,
): { readonly names: Uint32Array; readonly texts: readonly string[] } {
  const names = view.events.slice();
  const texts = [...view.eventNames];
  for (const { name, selector } of customEvents.toReversed()) {
    const mask = selectorMask(selector, [], view, frame);
    // An event may have that name too: the two are shown as one.
    const known = texts.indexOf(name);
    const own = known < 0 ? texts.push(name) - 1 : known;
    for (let row = 0; row < mask.length; row++) if (mask[row] === 1) names[row] = own;
  }
  return { names, texts };
}

/** Adds a label a value; returns them by code. A list is one value: a path has one step for it. */
function valueLabels(
  event: string,
  column: PropertyColumn | undefined,
  labels: FlowLabel[],
): Uint32Array {
  const byKey = new Map<string, number>();
  return Uint32Array.from(column?.values ?? [null], (value, code) => {
    const segment = segmentOf(code === 0 ? null : value);
    const key = segmentKey(segment);
    const label = byKey.get(key) ?? labels.push({ event, value: segment }) - 1;
    byKey.set(key, label);
    return label;
  });
}
