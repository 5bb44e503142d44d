import { absentStep, droppedStep, flowSteps, layOutPath } from '../kernels/flow-steps.ts';
import { followFlow } from '../kernels/follow-flow.ts';
import type { FlowInput } from '../kernels/follow-flow.ts';
import { narrowByCode, widen } from '../kernels/mask.ts';
import { droppedOff } from '../merge/flow-partial.ts';
import type { FlowPartial } from '../merge/flow-partial.ts';
import { FlowSum, flowRoom } from '../merge/flow-sum.ts';
import { anchorColumns, flowColumns } from '../plan/flow-columns.ts';
import type { FlowPlan } from '../plan/plan-types.ts';
import { selectorMask } from './filter-mask.ts';
import { flowLabels } from './flow-labels.ts';
import type { FlowLabels } from './flow-labels.ts';
import { heldValues } from './held-values.ts';
import { createRowContext } from './row-context.ts';
import type { RowContext } from './row-context.ts';
import { hasBreakdown, segmentedBy } from './segments.ts';
import type { SegmentedEntries } from './segments.ts';
import type { ShardView } from './shard-view.ts';

/** 8: the ways that users go around some events. */
export function executeFlow(plan: FlowPlan, stored: ShardView): FlowPartial {
  const context = createRowContext(plan, stored);
  const paths = flowPaths(plan, context);
  const room = flowRoom();
  const count = (chosen: Iterable<number>): FlowSum => {
    const sum = new FlowSum(plan.anchors.length, room);
    const counter = new PathCounter(plan, paths, sum);
    for (const path of chosen) counter.add(path);
    return sum;
  };
  const { entries, segments, pathOfRow } = segmentsOfPaths(plan, paths, context);
  const bySlot = segments.map((): number[] => []);
  for (let i = 0; i < entries.rows.length; i++) {
    bySlot[entries.slots[i]].push(pathOfRow[entries.rows[i]]);
  }
  const { labels } = paths.labels;
  return {
    type: 'flow',
    overall: count(paths.kept).toCells(labels),
    segments: segments.map((segment, slot) => {
      return { segment, cells: count(bySlot[slot]).toCells(labels) };
    }),
  };
}

/** Paths as rows, before anything is counted. */
export interface FlowPaths {
  /** Those that are not left out, in the order of users and first anchors. */
  readonly kept: Uint32Array;
  readonly labels: FlowLabels;
  readonly anchorCount: number;
  /** Row of anchor k of path p: anchorRows[p * anchorCount + k]; −1 = not reached. */
  readonly anchorRows: Int32Array;
  /** Writes the row, `absentStep` or `droppedStep` of each place of a path. */
  layOut(path: number, places: Int32Array): void;
}

export function flowPaths(plan: FlowPlan, context: RowContext): FlowPaths {
  const { view } = context;
  const labels = flowLabels(plan, context);
  const input = flowInput(plan, context);
  const anchorRows = followFlow(input, plan);
  const anchorCount = plan.anchors.length;
  const oneSession = plan.counting === 'sessions' ? input.sessions : null;
  const shown = shownRows(plan, context, labels, oneSession);
  const steps = flowSteps(
    { users: view.users, times: view.times, shown },
    plan.collapseRepeated ? labels.names : null,
    oneSession,
  );
  const layOut = (path: number, places: Int32Array): void => {
    const own = anchorRows.subarray(path * anchorCount, (path + 1) * anchorCount);
    layOutPath(steps, plan, own, places);
  };
  const all = Uint32Array.from({ length: anchorRows.length / anchorCount }, (_, path) => path);
  // Of a single anchor the paths are left out whose steps have an excluded event (8.1).
  const isSteps = anchorCount === 1 && plan.exclusions.length > 0;
  const places = new Int32Array(flowColumns(plan.anchors).length);
  const [own] = anchorColumns(plan.anchors);
  const kept = isSteps
    ? all.filter((path) => {
        layOut(path, places);
        return places.every((row, place) => place === own || row < 0 || input.excluded[row] === 0);
      })
    : all;
  return { kept, labels, anchorCount, anchorRows, layOut };
}

/** Rows that may be steps: events that are not hidden under either of their names, and in a session where one is asked. */
function shownRows(
  { hidden, filters }: FlowPlan,
  { view, frame }: RowContext,
  { names, labels }: FlowLabels,
  sessions: Uint32Array | null,
): Uint8Array {
  const shown = selectorMask([{ event: null, filters: [], hidden }], filters, view, frame);
  const left = new Set(hidden);
  const verdicts = Uint8Array.from(labels, ({ event }) => Number(!left.has(event)));
  narrowByCode(names, verdicts, shown);
  for (let row = 0; sessions !== null && row < shown.length; row++) {
    if (sessions[row] === 0) shown[row] = 0;
  }
  return shown;
}

function flowInput(plan: FlowPlan, context: RowContext): FlowInput {
  const { view, frame } = context;
  const excluded = new Uint8Array(view.rowCount);
  for (const exclusion of plan.exclusions) {
    widen(excluded, selectorMask(exclusion, plan.filters, view, frame));
  }
  const needsSessions = plan.counting === 'sessions' || plan.windowSessions !== null;
  return {
    users: view.users,
    times: view.times,
    anchors: plan.anchors.map(({ selector }) => selectorMask(selector, plan.filters, view, frame)),
    excluded,
    sessions: needsSessions ? context.sessions().ofRow : null,
    held: heldValues(plan.hold, frame),
  };
}

/** Segments of the first anchors' events; a path may be in several (3.6). */
export function segmentsOfPaths(
  plan: FlowPlan,
  { kept, anchorRows, anchorCount }: FlowPaths,
  { view, frame }: RowContext,
): {
  readonly entries: Pick<SegmentedEntries, 'rows' | 'slots'>;
  readonly segments: SegmentedEntries['segments'];
  readonly pathOfRow: Uint32Array;
} {
  const pathOfRow = new Uint32Array(view.rowCount);
  if (!hasBreakdown(plan)) {
    const none = new Uint32Array(0);
    return { entries: { rows: none, slots: none }, segments: [], pathOfRow };
  }
  const rows = Uint32Array.from(kept, (path) => anchorRows[path * anchorCount]);
  for (let i = 0; i < rows.length; i++) pathOfRow[rows[i]] = kept[i];
  const entries = segmentedBy(plan, rows, frame);
  return { entries, segments: entries.segments, pathOfRow };
}

/** Adds paths to a sum: places, the ways between them, and whole paths from the first anchor on. */
class PathCounter {
  readonly #paths: FlowPaths;
  readonly #sum: FlowSum;
  readonly #places: Int32Array;
  readonly #first: number;
  readonly #wantsPaths: boolean;

  constructor(plan: FlowPlan, paths: FlowPaths, sum: FlowSum) {
    this.#paths = paths;
    this.#sum = sum;
    this.#places = new Int32Array(flowColumns(plan.anchors).length);
    this.#first = anchorColumns(plan.anchors)[0];
    this.#wantsPaths = plan.pathsMax > 0;
  }

  add(path: number): void {
    const { anchorRows, anchorCount } = this.#paths;
    const sum = this.#sum;
    sum.entries++;
    for (let k = 0; k < anchorCount; k++) {
      if (anchorRows[path * anchorCount + k] >= 0) sum.anchors[k]++;
    }
    this.#paths.layOut(path, this.#places);
    this.#addPlaces();
    if (this.#wantsPaths) {
      this.#addWhole(anchorRows[(path + 1) * anchorCount - 1] >= 0 ? 1 : 0);
    }
  }

  #addPlaces(): void {
    const { ofRow } = this.#paths.labels;
    const sum = this.#sum;
    let before = -1;
    for (let place = 0; place < this.#places.length; place++) {
      const row = this.#places[place];
      if (row === absentStep) continue;
      const label = row === droppedStep ? droppedOff : ofRow[row];
      const node = sum.addNode(place, label, 1);
      if (before >= 0) sum.addLink(before, node, 1);
      // Who does nothing more in the range did not reach the next anchor either: from the same event.
      if (row !== droppedStep) before = node;
    }
  }

  #addWhole(converted: number): void {
    const { ofRow } = this.#paths.labels;
    let at = -1;
    for (let place = this.#first; place < this.#places.length; place++) {
      const row = this.#places[place];
      if (row === absentStep) continue;
      at = this.#sum.followPath(at, row === droppedStep ? droppedOff : ofRow[row]);
      if (row === droppedStep) break;
    }
    this.#sum.endPath(at, 1, converted);
  }
}
