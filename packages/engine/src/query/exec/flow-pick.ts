import type { ListPoint } from '@arbor/schema/query';
import { absentStep, droppedStep } from '../kernels/flow-steps.ts';
import { parseNodeKey } from '../merge/flow-keys.ts';
import type { FlowLabel } from '../merge/flow-partial.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import { flowColumns } from '../plan/flow-columns.ts';
import type { FlowColumn } from '../plan/flow-columns.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { FlowPlan } from '../plan/plan-types.ts';
import { flowPaths, segmentsOfPaths } from './flow.ts';
import type { FlowPaths } from './flow.ts';
import type { Picked } from './picked.ts';
import { createRowContext } from './row-context.ts';
import type { RowContext } from './row-context.ts';
import type { ShardView } from './shard-view.ts';

type FlowPoint = Extract<ListPoint, { type: 'flow' }>;

/** The paths behind a number of a flow: their users, and the events of their first anchors, one each. */
export function pickFlow(plan: FlowPlan, point: FlowPoint, stored: ShardView): Picked {
  const context = createRowContext(plan, stored);
  const { view } = context;
  const paths = flowPaths(plan, context);
  const goesThrough = pathTest(plan, point, paths);
  const rows = pathsOfPoint(plan, point, paths, context)
    .filter(goesThrough)
    .map((path) => paths.anchorRows[path * paths.anchorCount])
    .sort();
  return { view, rows, users: distinct(rows, view.users) };
}

function pathsOfPoint(
  plan: FlowPlan,
  { segment }: FlowPoint,
  paths: FlowPaths,
  context: RowContext,
): Uint32Array {
  if (segment === null) return paths.kept;
  const wanted = segmentKey(segment as Parameters<typeof segmentKey>[0]);
  const { entries, segments, pathOfRow } = segmentsOfPaths(plan, paths, context);
  const slot = segments.findIndex((own) => segmentKey(own) === wanted);
  const chosen: number[] = [];
  for (let i = 0; i < entries.rows.length; i++) {
    if (entries.slots[i] === slot) chosen.push(pathOfRow[entries.rows[i]]);
  }
  return Uint32Array.from(chosen);
}

function pathTest(plan: FlowPlan, point: FlowPoint, paths: FlowPaths): (path: number) => boolean {
  const columns = flowColumns(plan.anchors);
  const { ofRow, labels } = paths.labels;
  const place = placeOf(point, columns);
  const fits = labelTest(point.node, columns, place);
  const link = point.link === null ? null : placedKey(point.link, columns);
  const places = new Int32Array(columns.length);
  return (path) => {
    paths.layOut(path, places);
    const row = places[place];
    if (point.node === null ? row !== droppedStep : row < 0 || !fits(labels[ofRow[row]])) {
      return false;
    }
    if (link === null) return true;
    const beside = places[link.place];
    return beside >= 0 && isNext(places, place, link.place) && link.key.has(labels[ofRow[beside]]);
  };
}

/** Whether nothing that is shown lies between two places. Who dropped off goes on nowhere. */
function isNext(places: Int32Array, place: number, other: number): boolean {
  const [first, last] = place < other ? [place, other] : [other, place];
  for (let between = first + 1; between < last; between++) {
    if (places[between] !== absentStep && places[between] !== droppedStep) return false;
  }
  return first !== last;
}

function labelTest(
  node: string | null,
  columns: readonly FlowColumn[],
  place: number,
): (label: FlowLabel) => boolean {
  if (node === null) return () => false;
  const own = placedKey(node, columns);
  if (own.place !== place) throw invalidQuery(`the node ${node} lies at another step`);
  return own.key.has;
}

function placedKey(text: string, columns: readonly FlowColumn[]) {
  const key = parseNodeKey(text);
  if (key === null) throw invalidQuery(`"${text}" is no key of a node of a flow`);
  return { key, place: placeOf(key, columns) };
}

function placeOf({ anchor, step }: FlowColumn, columns: readonly FlowColumn[]): number {
  const place = columns.findIndex((own) => own.anchor === anchor && own.step === step);
  if (place < 0) throw invalidQuery(`the flow has no step ${step} at anchor ${anchor}`);
  return place;
}

function distinct(rows: Uint32Array, users: Uint32Array): Uint32Array {
  return rows.map((row) => users[row]).filter((user, i, all) => i === 0 || user !== all[i - 1]);
}
