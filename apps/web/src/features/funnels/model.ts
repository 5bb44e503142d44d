import type { FunnelResult, FunnelStepResult, Segment } from '@arbor/schema/result';
import { assignColours, chartColour } from '#charts/palette.ts';
import type { CsvValue } from '#format/csv.ts';
import { segmentKey, segmentName } from '#report/segment.ts';
import { countingNouns, type Counting } from './state.ts';

/** One step of one segment, with the two rates that are read off a funnel. */
export type StepView = {
  readonly count: number;
  /** Share of those who entered; null when nobody did. */
  readonly ofFirst: number | null;
  /** Share of those who reached the step before; null at the first. */
  readonly ofPrevious: number | null;
  readonly lost: number;
  readonly medianFromPreviousMs: number | null;
  readonly medianFromEntryMs: number | null;
};

export type FunnelRow = {
  readonly key: string;
  /** Null: all users. */
  readonly segment: string | null;
  /** The same as queries name it. */
  readonly point: Segment | null;
  readonly name: string;
  readonly colour: string;
  readonly steps: readonly StepView[];
  readonly conversion: number | null;
  /** The same about the time that the report is compared with; null where it is compared with none. */
  readonly past: Pick<FunnelRow, 'steps' | 'conversion'> | null;
  /** How sure it is that the conversion differs from that of the control, of 1; null where too few entered. */
  readonly confidence: number | null;
  readonly isSignificant: boolean;
  readonly drawn: boolean;
};

export type FunnelView = {
  readonly counting: Counting;
  readonly stepNames: readonly string[];
  readonly overall: FunnelRow;
  /** Overall first, then segments, best first. */
  readonly rows: readonly FunnelRow[];
  readonly drawn: readonly FunnelRow[];
  readonly segmentCount: number;
  readonly stillOpen: number;
  /** Rows have a `past`. */
  readonly compared: boolean;
  readonly empty: boolean;
  /** The step at which everybody stopped, when nobody converted (UX-FU14). */
  readonly stoppedAt: number | null;
};

/** Side by side at most (UX-FU11); fewer are readable by default. */
export const drawnMax = 12;
const defaultDrawnMax = 6;

export type ViewInput = {
  readonly result: FunnelResult;
  readonly stepNames: readonly string[];
  readonly selected: readonly string[] | null;
  readonly counting: Counting;
};

export function funnelView({ result, stepNames, selected, counting }: ViewInput): FunnelView {
  const keys = result.segments.map(({ segment }) => segmentKey(segment));
  const colours = assignColours(keys);
  const { comparison } = result;
  const past = new Map(comparison?.segments.map((each) => [segmentKey(each.segment), each]));
  const chosen = new Set((selected ?? keys.slice(0, defaultDrawnMax)).slice(0, drawnMax));
  const overall: FunnelRow = {
    key: overallKey,
    segment: null,
    point: null,
    name: `All ${countingNouns[counting][1]}`,
    colour: chartColour(0),
    ...stepsOf(result.steps),
    past: comparison === undefined ? null : stepsOf(comparison.steps),
    confidence: null,
    isSignificant: false,
    drawn: result.segments.length === 0,
  };
  const segments = result.segments.map(({ segment, steps, significance }, index): FunnelRow => {
    const key = keys[index] ?? '';
    const name = segmentName(segment);
    return {
      key,
      segment: name,
      point: segment,
      name,
      colour: chartColour(colours.get(key) ?? 0),
      ...stepsOf(steps),
      past: pastOf(past.get(key)),
      confidence: significance?.confidence ?? null,
      isSignificant: significance?.isSignificant ?? false,
      drawn: chosen.has(key),
    };
  });
  const rows = [overall, ...segments];
  const entered = overall.steps[0]?.count ?? 0;
  const firstZero = overall.steps.findIndex(({ count }) => count === 0);
  return {
    counting,
    stepNames,
    overall,
    rows,
    drawn: rows.filter((row) => row.drawn),
    segmentCount: result.segmentCount,
    stillOpen: result.stillOpen,
    compared: comparison !== undefined,
    empty: entered === 0,
    stoppedAt: entered > 0 && firstZero > 0 ? firstZero : null,
  };
}

export const overallKey = 'overall';

function stepsOf(steps: readonly FunnelStepResult[]): Pick<FunnelRow, 'steps' | 'conversion'> {
  const first = steps[0]?.count ?? 0;
  const views = steps.map((step, index): StepView => {
    const previous = steps[index - 1]?.count;
    return {
      count: step.count,
      ofFirst: share(step.count, first),
      ofPrevious: previous === undefined ? null : share(step.count, previous),
      lost: previous === undefined ? 0 : previous - step.count,
      medianFromPreviousMs: step.medianFromPreviousMs,
      medianFromEntryMs: step.medianFromEntryMs,
    };
  });
  return { steps: views, conversion: views.at(-1)?.ofFirst ?? null };
}

function pastOf(segment: { readonly steps: readonly FunnelStepResult[] } | undefined) {
  return segment === undefined ? null : stepsOf(segment.steps);
}

function share(count: number, of: number): number | null {
  return of === 0 ? null : count / of;
}

export function funnelCsv(view: FunnelView): readonly (readonly CsvValue[])[] {
  const [, many] = countingNouns[view.counting];
  const header = [
    'Segment',
    'Conversion',
    ...(view.compared ? ['Conversion before'] : []),
    ...view.stepNames.flatMap((name, index) => [
      `${index + 1} ${name}: ${many}`,
      ...(view.compared ? [`${index + 1} ${name}: ${many} before`] : []),
      ...(index === 0 ? [] : [`${index + 1} ${name}: median seconds from step before`]),
    ]),
  ];
  const rows = view.rows.map((row) => [
    row.name,
    row.conversion,
    ...(view.compared ? [row.past?.conversion ?? null] : []),
    ...row.steps.flatMap((step, index) => [
      step.count,
      ...(view.compared ? [row.past?.steps[index]?.count ?? null] : []),
      ...(index === 0
        ? []
        : [step.medianFromPreviousMs === null ? null : step.medianFromPreviousMs / 1000]),
    ]),
  ]);
  return [header, ...rows];
}
