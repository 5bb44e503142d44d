import {
  durationSchema,
  listPointSchema,
  propertyRefSchema,
  rangeSchema,
} from '@arbor/schema/query';
import type { PropertyRef, QueryInput } from '@arbor/schema/query';
import { z } from 'zod';
import { propertyLabel } from '#format/property-name.ts';
import {
  eventStateLabel,
  eventStateSchema,
  incompleteCount,
  queryFilters,
  querySelector,
  reportFilterSchema,
} from '#report/question.ts';
import { rangeStateSchema, resolveRange } from '#report/range.ts';

export const anchorsMax = 3;
/** Steps that may be shown before or after an anchor (`reports.md` 8.1). */
export const stepsMax = 5;
/** Events a column may show by themselves (UX-FL2). */
export const rowChoices = [3, 5, 8, 12, 20] as const;

export const anchorStateSchema = z.object({
  ...eventStateSchema.shape,
  before: z.number().int().min(0).max(stepsMax),
  after: z.number().int().min(0).max(stepsMax),
});
export type AnchorState = z.infer<typeof anchorStateSchema>;

const nodePointSchema = listPointSchema.options[4];
const pathPointSchema = listPointSchema.options[5];
const flowPointSchema = z.discriminatedUnion('type', [nodePointSchema, pathPointSchema]);

export const flowStateSchema = z.object({
  range: rangeStateSchema,
  anchors: z.array(anchorStateSchema).min(1).max(anchorsMax),
  window: durationSchema,
  counting: z.enum(['unique', 'totals', 'sessions']),
  filters: z.array(reportFilterSchema),
  breakdown: propertyRefSchema.nullable(),
  /** Events that are not shown. */
  hidden: z.array(z.string()),
  /** Events that are told apart by a property of theirs. */
  expanded: z.array(z.object({ event: z.string(), property: propertyRefSchema })),
  /** A run of the same event is one step. */
  collapse: z.boolean(),
  rows: z.number().int().min(1).max(20),
  /** Key of the segment whose flow is drawn; null: of all users. */
  segment: z.string().nullable().default(null),
  /** The number whose users are listed beside the report. */
  opened: flowPointSchema.nullable().default(null),
  /** The dates of the question it came from: a relative range has others tomorrow. */
  openedRange: rangeSchema.nullable().default(null),
  /** What is listed of it. */
  openedList: z.enum(['users', 'events']).default('users'),
  sort: z.object({ column: z.string(), descending: z.boolean() }).nullable().default(null),
});
export type FlowState = z.infer<typeof flowStateSchema>;
export type FlowPoint = z.infer<typeof flowPointSchema>;
export type NodePoint = z.infer<typeof nodePointSchema>;
export type PathPoint = z.infer<typeof pathPointSchema>;
export type FlowQueryInput = Extract<QueryInput, { type: 'flow' }>;
export type Counting = FlowState['counting'];

export const initialState: FlowState = {
  range: { preset: '30d' },
  anchors: [{ filters: [], before: 0, after: 3 }],
  window: { value: 30, unit: 'day' },
  counting: 'unique',
  filters: [],
  breakdown: null,
  hidden: [],
  expanded: [],
  collapse: true,
  rows: 5,
  segment: null,
  opened: null,
  openedRange: null,
  openedList: 'users',
  sort: null,
};

/** What a number of the report counts, one and many. */
export const countingNouns: Readonly<Record<Counting, readonly [string, string]>> = {
  unique: ['user', 'users'],
  totals: ['path', 'paths'],
  sessions: ['session', 'sessions'],
};

/** Whole paths that come back: as many as a table can be read, and the file has. */
const pathsMax = 1000;

/** Anchors whose event was chosen. */
export function chosenAnchors(state: FlowState): readonly AnchorState[] {
  return state.anchors.filter((anchor) => anchor.event !== undefined);
}

/** The query behind the state, or null while no event is chosen. */
export function flowQuery(
  state: FlowState,
  timezone: string,
  nowMs: number,
): FlowQueryInput | null {
  const anchors = state.anchors.flatMap((anchor) => {
    const selector = querySelector(anchor);
    return selector === null ? [] : [{ selector, before: anchor.before, after: anchor.after }];
  });
  if (anchors.length === 0) return null;
  return {
    type: 'flow',
    range: resolveRange(state.range, timezone, nowMs),
    anchors,
    window: state.window,
    counting: state.counting,
    hidden: state.hidden,
    collapseRepeated: state.collapse,
    expand: state.expanded,
    rows: state.rows,
    pathsMax,
    filters: queryFilters(state.filters),
    breakdowns: state.breakdown === null ? [] : [{ property: state.breakdown }],
  };
}

export function leftOut(state: FlowState): { readonly filters: number; readonly anchors: number } {
  return {
    filters: incompleteCount(state.filters, ...state.anchors.map((anchor) => anchor.filters)),
    anchors: state.anchors.length - chosenAnchors(state).length,
  };
}

/** Hidden events leave the diagram, also as expanded ones. */
export function withHidden(state: FlowState, event: string): Partial<FlowState> {
  if (state.hidden.includes(event)) return {};
  return {
    hidden: [...state.hidden, event],
    expanded: state.expanded.filter((each) => each.event !== event),
    opened: null,
  };
}

/** An event is expanded by one property: another takes its place. */
export function withExpanded(
  { expanded }: FlowState,
  event: string,
  property: PropertyRef | null,
): Partial<FlowState> {
  const rest = expanded.filter((each) => each.event !== event);
  return {
    expanded: property === null ? rest : [...rest, { event, property }],
    opened: null,
  };
}

export function reportTitle(state: FlowState): string {
  const anchors = chosenAnchors(state);
  if (anchors.length === 0) return 'New flow';
  const path = `Flow of ${anchors.map(eventStateLabel).join(' → ')}`;
  return state.breakdown === null ? path : `${path}, by ${propertyLabel(state.breakdown.name)}`;
}

/** The state of a funnel with these steps, for the address of that report (UX-FL5). */
export function funnelOf(state: FlowState, events: readonly string[]): object {
  return {
    range: state.range,
    steps: events.map((event) => ({ event, filters: [] })),
    window: state.window,
    filters: state.filters,
    breakdown: state.breakdown,
  };
}
