import { isPlainPlan } from './plain-plan.ts';
import type {
  CohortPlan,
  FilterPlan,
  Plan,
  PropertyPlan,
  ReportPlan,
  SelectorPlan,
} from './plan-types.ts';

/** A report that fast scans can do once somebody knows who is in its cohorts. */
export interface SplitPlan {
  /** Who is in each cohort that filters name, or that the report is broken down by: asked first. */
  readonly members: readonly { readonly column: string; readonly plan: CohortPlan }[];
  /** The report with these filters, and this breakdown, on columns of persons: whoever has `column` is in. */
  readonly report: ReportPlan;
}

/** Null = cohorts do more in the plan than to filter, or to break it down alone, or something else of it is not plain either. */
export function splitCohorts(plan: Plan): SplitPlan | null {
  if (plan.type !== 'insights' && plan.type !== 'funnel' && plan.type !== 'retention') return null;
  if (plan.cohorts.length === 0) return null;
  const columns = new MemberColumns(brokenDownBy(plan));
  const report = withoutCohorts(plan, columns);
  if (!isPlainPlan(report)) return null;
  const members = Array.from(columns.used, (index) => ({
    column: columns.of(index),
    plan: membersPlan(plan, index),
  }));
  return { members, report };
}

/** No client names a property so. */
const columnPrefix = '\u0000member:';

/**
 * The name of the cohort that a report is broken down by, where it is by a column of those who are in it; null = the
 * column is another one.
 */
export function cohortOfColumn(name: string): string | null {
  if (!name.startsWith(columnPrefix)) return null;
  const end = name.indexOf('\u0000', columnPrefix.length);
  return end < 0 ? null : name.slice(end + 1);
}

interface NamedCohort {
  readonly index: number;
  readonly name: string;
}

/** The columns of persons that stand for cohorts. */
class MemberColumns {
  readonly used = new Set<number>();
  readonly #named: NamedCohort | null;

  /** `named`: the one that the report is broken down by. */
  constructor(named: NamedCohort | null) {
    this.#named = named;
  }

  of(cohort: number): string {
    this.used.add(cohort);
    const name = this.#named?.index === cohort ? `\u0000${this.#named.name}` : '';
    return `${columnPrefix}${cohort}${name}`;
  }

  /** The property to break down by; null = it is no cohort. */
  breakdown(): PropertyPlan | null {
    return this.#named && { scope: 'person', name: this.of(this.#named.index) };
  }
}

/** The one cohort that is all that a funnel or a retention is broken down by. */
function brokenDownBy({ type, breakdowns }: FilteredPlan): NamedCohort | null {
  if (type === 'insights' || breakdowns?.length !== 1) return null;
  const [own] = breakdowns;
  return own.type === 'cohort' && own.cohorts.length === 1 ? own.cohorts[0] : null;
}

type FilteredPlan = Extract<ReportPlan, { type: 'insights' | 'funnel' | 'retention' }>;

function withoutCohorts(plan: FilteredPlan, columns: MemberColumns): FilteredPlan {
  const filters = plan.filters.map((filter) => onColumns(filter, columns));
  const selected = (selector: SelectorPlan): SelectorPlan =>
    selector.map((match) => ({
      ...match,
      filters: match.filters.map((filter) => onColumns(filter, columns)),
    }));
  const breakdown = columns.breakdown();
  const base = { filters, cohorts: [], ...(breakdown && { breakdown, breakdowns: null }) };
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

function onColumns(filter: FilterPlan, columns: MemberColumns): FilterPlan {
  switch (filter.type) {
    case 'property':
    case 'items':
      return filter;
    case 'all':
    case 'any':
      return { ...filter, filters: filter.filters.map((inner) => onColumns(inner, columns)) };
    case 'cohort': {
      const filters = filter.cohorts.map((cohort): FilterPlan => ({
        type: 'property',
        property: { scope: 'person', name: columns.of(cohort) },
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
