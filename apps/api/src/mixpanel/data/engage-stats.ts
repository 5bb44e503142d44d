import type { Node } from '@arbor/expression/ast';
import { printNode } from '@arbor/expression/print';
import type { CohortRefInput, FilterInput, PropertyRef, QueryInput } from '@arbor/schema/query';
import { askQuery } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import { filtersOf, parseExpression, propertyOf, readExpression, readWhere } from '../where.ts';
import type { DataDeps } from './data-deps.ts';
import { groupsOfKey, ofGroups } from './engage-groups.ts';
import { readCohort } from './engage-selection.ts';

type PeopleMetric = Extract<
  Extract<QueryInput, { type: 'insights' }>['metrics'][number],
  { type: 'people' }
>;
type Measure = PeopleMetric['measure'];

/** What is measured of the profiles, and what the answer says of it. */
interface Action {
  readonly measures: readonly Measure[];
  readonly answer: (values: readonly number[]) => unknown;
}

/**
 * `/engage/stats` (`query-api.md` 8.4): numbers over the profiles that pass `selector`, of all of them or of each of
 * `segment_by_cohorts`, or with `data_group_id` of groups. Profiles without a number are left out.
 */
export function engageStats(deps: DataDeps): Endpoint {
  return {
    path: '/engage/stats',
    handle: async (asked: Asked) => {
      const { parameters } = asked;
      const groupKey = parameters.text('data_group_id');
      if (groupKey !== undefined) {
        return { results: await groupStats(deps, asked, groupKey), status: 'ok' };
      }
      const action = readAction(asked);
      const cohort = await readCohort(asked, deps, deps.clock());
      const where = readWhere(parameters, 'selector', 'person');
      const filters = cohort === null ? where : [inCohort(cohort), ...where];
      const segments = parameters.json('segment_by_cohorts');
      if (segments === undefined) {
        return { results: await measured(deps, asked, action, filters), status: 'ok' };
      }
      const results: Record<string, unknown> = {};
      for (const id of cohortsOf(asked, segments)) {
        const own = [inCohort({ type: 'saved', id }), ...filters];
        results[id] = await measured(deps, asked, action, own);
      }
      return { results, status: 'ok' };
    },
  };
}

/** The same of the profiles of groups. */
async function groupStats(deps: DataDeps, asked: Asked, groupKey: string): Promise<unknown> {
  const { parameters } = asked;
  for (const name of ['filter_by_cohort', 'segment_by_cohorts']) {
    if (parameters.has(name)) parameters.refuse(name, 'is of users: leave out data_group_id');
  }
  const named = (root: Node): Node => ofGroups(root, groupKey);
  const action = readAction(asked, named);
  const root = readExpression(parameters, 'selector');
  const where =
    root === undefined ? [] : filtersOf(named(root), { name: 'selector', scope: 'person' });
  const filters = [...(groupsOfKey(groupKey) as FilterInput[]), ...where];
  return measured(deps, { ...asked, groups: true }, action, filters);
}

const inCohort = (cohort: CohortRefInput): FilterInput => ({
  type: 'cohort',
  operator: 'in',
  cohorts: [cohort],
});

async function measured(
  { queries }: DataDeps,
  asked: Pick<Asked, 'project' | 'signal'> & { readonly groups?: boolean },
  { measures, answer }: Action,
  filters: readonly FilterInput[],
): Promise<unknown> {
  const { series } = await askQuery(queries, asked, {
    type: 'insights',
    // Profiles have no history: any day will do.
    range: { from: '2000-01-01', to: '2000-01-01' },
    metrics: measures.map((measure): PeopleMetric => ({
      type: 'people',
      filters: [...filters],
      measure,
    })),
  });
  return answer(
    measures.map((_, metric) => series.find((one) => one.metric === metric)?.total ?? 0),
  );
}

function cohortsOf({ parameters }: Asked, segments: unknown): string[] {
  if (segments !== null && typeof segments === 'object' && !Array.isArray(segments)) {
    return Object.entries(segments).flatMap(([id, isWanted]) => (isWanted === true ? [id] : []));
  }
  return parameters.refuse('segment_by_cohorts', 'must be an object of cohorts, {"<id>": true}');
}

/** `named`: what stands for what an expression names. */
type Named = (root: Node) => Node;
const asItStands: Named = (root) => root;

function readAction({ parameters }: Asked, named: Named = asItStands): Action {
  const text = parameters.required('action').trim();
  const [, name, inside = ''] = /^(\w+)\s*\((.*)\)$/s.exec(text) ?? [];
  switch (name) {
    case 'count':
      return { measures: [{ type: 'total' }], answer: ([count]) => count };
    case 'extremes': {
      const property = numberOf(inside, named);
      return {
        measures: [
          { type: 'max', property },
          { type: 'min', property },
          { type: 'percentile', property, percentile: extremePercentile },
        ],
        answer: ([max, min, percentile]) => ({ max, min, nth_percentile: percentile }),
      };
    }
    case 'percentile': {
      const [, selector = '', given = ''] = /^(.*),\s*([\d.]+)\s*$/s.exec(inside) ?? [];
      const percentile = Number(given);
      if (selector === '' || !(percentile >= 0 && percentile <= 100)) break;
      return {
        measures: [{ type: 'percentile', property: numberOf(selector, named), percentile }],
        answer: ([result]) => ({ percentile, result }),
      };
    }
    case 'numeric_summary':
      return summaryOf(inside, named);
  }
  return parameters.refuse(
    'action',
    `"${text}" is none of count(), extremes(<selector>), percentile(<selector>,<p>) and numeric_summary(<selector>)`,
  );
}

/** Beyond the outliers, as the Python client uses it to make buckets. */
const extremePercentile = 90;

/** Count, mean and variance (of all, not of a sample) follow from three sums. */
function summaryOf(selector: string, named: Named): Action {
  const root = named(parseExpression(selector, 'action'));
  const text = `number(${printNode(root)})`;
  const formula = (expression: string): PropertyRef => ({
    scope: 'person',
    name: 'action',
    computed: { type: 'formula', expression, dialect: 'api' },
  });
  return {
    measures: [
      { type: 'sum', property: formula(`${text} * 0 + 1`) },
      { type: 'sum', property: formula(text) },
      { type: 'sum', property: formula(`${text} * ${text}`) },
    ],
    answer: ([count = 0, sum = 0, squares = 0]) => {
      const mean = count === 0 ? 0 : sum / count;
      const variance = count === 0 ? 0 : Math.max(0, squares / count - mean * mean);
      return { count, mean, var: variance, sum_of_squares: squares };
    },
  };
}

function numberOf(selector: string, named: Named): PropertyRef {
  const root = named(parseExpression(selector, 'action'));
  return propertyOf(root, { name: 'action', scope: 'person' });
}
