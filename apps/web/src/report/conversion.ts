import type { ReportType } from '@arbor/schema/saved-reports';
import type { BreakdownState } from './breakdown.ts';
import type { EventState, ReportFilter } from './question.ts';
import type { RangeState } from './range.ts';

/** What every kind of report asks by, and what only this one does (UX-R6). */
export type Convertible = {
  readonly type: ReportType;
  readonly range: RangeState;
  /** In their order; those without an event yet are none. */
  readonly events: readonly EventState[];
  readonly filters: readonly ReportFilter[];
  readonly breakdowns: readonly BreakdownState[];
  /** In words: "2 exclusions". What other kinds know nothing of. */
  readonly own: readonly string[];
};

export type Conversion = {
  /** As it stands in the address of the other report, which fills in what is not said here. */
  readonly state: object;
  /** What the other report does not have, in words; none = everything is taken over. */
  readonly leftOut: readonly string[];
};

const insightsEventsMax = 26;
const funnelEventsMax = 50;
const flowEventsMax = 3;

/** The same events, filters, breakdowns and range as another kind of report, as far as that one has them. */
export function convertReport(from: Convertible, to: ReportType): Conversion {
  const { range, filters, own } = from;
  const shared = { range, filters };
  switch (to) {
    case 'insights': {
      const { taken, leftOut } = firstEvents(from.events, insightsEventsMax);
      const type = from.type === 'insights' ? 'total' : 'unique';
      const metrics = taken.map((event) => ({ ...event, measure: { type } }));
      const asked = metrics.length === 0 ? [{ filters: [], measure: { type } }] : metrics;
      const state = { ...shared, metrics: asked, breakdowns: from.breakdowns };
      return { state: { ...state, unit: null, chart: 'line' }, leftOut: [...own, ...leftOut] };
    }
    case 'funnel': {
      const { taken, leftOut } = firstEvents(from.events, funnelEventsMax);
      const missing = Array.from({ length: Math.max(0, 2 - taken.length) }, () => ({
        filters: [],
      }));
      const steps = [...taken, ...missing];
      const state = { ...shared, steps, breakdowns: from.breakdowns };
      return {
        state: { ...state, window: { value: 7, unit: 'day' } },
        leftOut: [...own, ...leftOut],
      };
    }
    case 'retention': {
      const [birth = { filters: [] }] = from.events;
      const comeback = from.events.at(-1) ?? birth;
      const between = from.events.slice(1, -1);
      const leftOut = between.length === 0 ? [] : [`${counted(between.length, 'event')} between`];
      const windows = { unit: 'day', criterion: 'on_or_after', mode: 'rolling', intervals: 15 };
      const state = { ...shared, ...windows, births: 'every_bucket', birth, return: comeback };
      return {
        state: { ...state, breakdowns: from.breakdowns },
        leftOut: [...own, ...leftOut],
      };
    }
    case 'flow': {
      const { taken, leftOut } = firstEvents(from.events, flowEventsMax);
      const chosen = taken.length === 0 ? [{ filters: [] }] : taken;
      const last = chosen.length - 1;
      const anchors = chosen.map((event, at) => ({
        ...event,
        before: 0,
        after: at === last ? 3 : 0,
      }));
      const { breakdown, others } = propertyOf(from.breakdowns);
      const rest = others === 0 ? [] : [counted(others, 'breakdown')];
      const view = { counting: 'unique', hidden: [], expanded: [], collapse: true, rows: 5 };
      return {
        state: { ...shared, ...view, anchors, breakdown, window: { value: 30, unit: 'day' } },
        leftOut: [...own, ...leftOut, ...rest],
      };
    }
  }
}

function firstEvents(
  events: readonly EventState[],
  max: number,
): { readonly taken: readonly EventState[]; readonly leftOut: readonly string[] } {
  // The other report has fields of its own where this one had others.
  const taken = events.slice(0, max).map(({ event, filters }) => ({ event, filters }));
  const more = events.length - taken.length;
  return { taken, leftOut: more === 0 ? [] : [counted(more, 'event')] };
}

/** A flow is split by one property, by every value of it. */
function propertyOf(breakdowns: readonly BreakdownState[]) {
  const index = breakdowns.findIndex((each) => 'property' in each && each.buckets === undefined);
  const found = breakdowns[index];
  const property = found !== undefined && 'property' in found ? found.property : null;
  return { breakdown: property, others: breakdowns.length - (property === null ? 0 : 1) };
}

/** "1 filter", "3 filters". */
function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** What is left out, as a list: for `own`. */
export function countedParts(
  parts: readonly (readonly [count: number, one: string])[],
): readonly string[] {
  return parts.flatMap(([count, one]) => (count === 0 ? [] : [counted(count, one)]));
}
