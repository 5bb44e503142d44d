import { isPlainPlan } from './plain-plan.ts';
import type { CohortPlan, FilterPlan, Plan, ReportPlan, SelectorPlan } from './plan-types.ts';

/** A report that fast scans can do once somebody knows who is in its cohorts. */
export interface SplitPlan {
  /** Who is in each cohort that filters name: asked first. */
  readonly members: readonly { readonly column: string; readonly plan: CohortPlan }[];
  /** The report with these filters on columns of persons: whoever has `column` is in. */
  readonly report: ReportPlan;
}

/** Null = cohorts do more in the plan than to filter, or something else of it is not plain either. */
export function splitCohorts(plan: Plan): SplitPlan | null {
  if (plan.type !== 'insights' && plan.type !== 'funnel' && plan.type !== 'retention') return null;
  if (plan.cohorts.length === 0) return null;
  const used = new Set<number>();
  const report = withoutCohorts(plan, used);
  if (!isPlainPlan(report)) return null;
  const members = Array.from(used, (index) => ({
    column: memberColumn(index),
    plan: membersPlan(plan, index),
  }));
  return { members, report };
}

/** No client names a property so. */
const memberColumn = (cohort: number): string => `\u0000member:${cohort}`;

type FilteredPlan = Extract<ReportPlan, { type: 'insights' | 'funnel' | 'retention' }>;

function withoutCohorts(plan: FilteredPlan, used: Set<number>): FilteredPlan {
  const filters = plan.filters.map((filter) => onColumns(filter, used));
  const selected = (selector: SelectorPlan): SelectorPlan =>
    selector.map((match) => ({
      ...match,
      filters: match.filters.map((filter) => onColumns(filter, used)),
    }));
  const base = { filters, cohorts: [] };
  switch (plan.type) {
    case 'insights': {
      const metrics = plan.metrics.map((metric) => ({
        ...metric,
        selector: selected(metric.selector),
      }));
      return { ...plan, ...base, metrics };
    }
    case 'funnel':
      return { ...plan, ...base, steps: plan.steps.map(selected) };
    case 'retention':
      return { ...plan, ...base, birth: selected(plan.birth), return: selected(plan.return) };
  }
}

function onColumns(filter: FilterPlan, used: Set<number>): FilterPlan {
  switch (filter.type) {
    case 'property':
    case 'items':
      return filter;
    case 'all':
    case 'any':
      return { ...filter, filters: filter.filters.map((inner) => onColumns(inner, used)) };
    case 'cohort': {
      for (const cohort of filter.cohorts) used.add(cohort);
      const filters = filter.cohorts.map((cohort): FilterPlan => ({
        type: 'property',
        property: { scope: 'person', name: memberColumn(cohort) },
        operator: filter.negated ? 'is_not_set' : 'is_set',
        values: [],
      }));
      return { type: filter.negated ? 'all' : 'any', filters };
    }
  }
}

function membersPlan(plan: FilteredPlan, index: number): CohortPlan {
  const { version, nowMs, zone, sessions } = plan;
  const cohort = plan.cohorts[index];
  const own =
    cohort.type === 'conditions'
      ? cohort
      : {
          conditions: [{ type: 'cohort' as const, cohorts: [index], negated: false }],
          behaviors: [],
          sequences: [],
        };
  // A list is named by its index, and conditions of cohorts that hold none name nothing.
  const holdsCohorts = JSON.stringify(own).includes('"type":"cohort"');
  return {
    type: 'cohort',
    version,
    startMs: own.behaviors.reduce((earliest, { startMs }) => Math.min(earliest, startMs), nowMs),
    endMs: nowMs + 1,
    nowMs,
    conditions: own.conditions,
    behaviors: own.behaviors,
    sequences: own.sequences,
    cohorts: holdsCohorts ? plan.cohorts.slice(0, index + 1) : [],
    zone,
    sessions,
    over: null,
    members: true,
  };
}
