import type { ListPoint } from '@arbor/schema/query';
import { absentStep, droppedStep } from '../kernels/flow-steps.ts';
import { parseNodeKey } from '../merge/flow-keys.ts';
import { droppedOff } from '../merge/flow-partial.ts';
import type { FlowLabel } from '../merge/flow-partial.ts';
import { segmentKey } from '../merge/segment-groups.ts';
import { anchorColumns, flowColumns } from '../plan/flow-columns.ts';
import type { FlowColumn } from '../plan/flow-columns.ts';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { FlowPlan } from '../plan/plan-types.ts';
import { flowPaths, segmentsOfPaths } from './flow.ts';
import type { FlowPaths } from './flow.ts';
import type { Picked } from './picked.ts';
import { createRowContext } from './row-context.ts';
import type { RowContext } from './row-context.ts';
import type { SegmentPoint } from './segment-point.ts';
import type { ShardView } from './shard-view.ts';

type FlowPoint = Extract<ListPoint, { type: 'flow' }>;
type PathPoint = Extract<ListPoint, { type: 'flow_path' }>;
type PathTest = (path: number) => boolean;

/** The paths behind a number of a flow: their users, and the events of their first anchors, one each. */
export function pickFlow(plan: FlowPlan, point: FlowPoint, stored: ShardView): Picked {
  return pickPaths(plan, point, stored, (paths) => placeTest(plan, point, paths));
}

/** The same behind whole paths, or behind all that begin in the same way. */
export function pickFlowPath(plan: FlowPlan, point: PathPoint, stored: ShardView): Picked {
  return pickPaths(plan, point, stored, (paths) => wholeTest(plan, point, paths));
}

function pickPaths(
  plan: FlowPlan,
  point: FlowPoint | PathPoint,
  stored: ShardView,
  testOf: (paths: FlowPaths) => PathTest,
): Picked {
  const context = createRowContext(plan, stored);
  const { view } = context;
  const paths = flowPaths(plan, context);
  const rows = pathsOfPoint(plan, point, paths, context)
    .filter(testOf(paths))
    .map((path) => paths.anchorRows[path * paths.anchorCount])
    .sort();
  return { view, rows, users: distinct(rows, view.users) };
}

function pathsOfPoint(
  plan: FlowPlan,
  { segment }: FlowPoint | PathPoint,
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

function placeTest(plan: FlowPlan, point: FlowPoint, paths: FlowPaths): PathTest {
  const columns = flowColumns(plan.anchors);
  const { ofRow, labels } = paths.labels;
  const place = placeOf(point, columns);
  const fits = labelTest(point.node, columns, place);
  const link = point.link === null ? null : placedKey(point.link, columns);
  const places = new Int32Array(columns.length);
  return (path) => {
    paths.layOut(path, places);
    const row = places[place];
    if (point.node === null && point.outcome === 'reached') return row >= 0;
    if (point.node === null ? row !== droppedStep : row < 0 || !fits(labels[ofRow[row]])) {
      return false;
    }
    if (link === null) return true;
    const beside = places[link.place];
    return beside >= 0 && isNext(places, place, link.place) && link.key.has(labels[ofRow[beside]]);
  };
}

/** A path is what it shows from its first anchor on, up to where it drops off; columns do not matter. */
function wholeTest(
  plan: FlowPlan,
  { events, values = [], outcome }: PathPoint,
  paths: FlowPaths,
): PathTest {
  const columns = flowColumns(plan.anchors);
  const [first] = anchorColumns(plan.anchors);
  const { ofRow, labels } = paths.labels;
  const wanted = events.map((event, i) =>
    event === null ? droppedOff : labels.findIndex((label) => isLabel(label, event, values[i])),
  );
  // What nothing here is called is on no path here.
  if (wanted.some((label, i) => label < 0 && events[i] !== null)) return () => false;
  const places = new Int32Array(columns.length);
  return (path) => {
    paths.layOut(path, places);
    let length = 0;
    for (let place = first; place < places.length; place++) {
      const row = places[place];
      if (row === absentStep) continue;
      if (length === wanted.length) return outcome === 'begins';
      if ((row === droppedStep ? droppedOff : ofRow[row]) !== wanted[length]) return false;
      length++;
      if (row === droppedStep) break;
    }
    const isWhole = length === wanted.length;
    return isWhole && (outcome !== 'converted' || isConverted(path, paths));
  };
}

function isLabel({ event, value }: FlowLabel, name: string, wanted: SegmentPoint = null): boolean {
  if (event !== name) return false;
  if (value === undefined || wanted === null) return value === undefined && wanted === null;
  return value.type === wanted.type && value.text === wanted.text;
}

function isConverted(path: number, { anchorRows, anchorCount }: FlowPaths): boolean {
  return anchorRows[(path + 1) * anchorCount - 1] >= 0;
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
