import { evaluateReportFormula } from '@arbor/expression/report-series';
import type { ReportFormula } from '@arbor/expression/report-formula';
import type { InsightsQuery, Metric } from '@arbor/schema/query';
import { unreachable } from '../../base/assert.ts';
import { reportFormulas } from '../plan/report-formulas.ts';
import { emptyOf } from './ask-funnel.ts';
import { emptyLine } from './metric-table.ts';
import type { Line } from './metric-table.ts';

/** The rows of one number of a report, over all and by segment: a metric, or a formula over metrics. */
export interface RowGroup {
  /** Metrics that it is worked out from. */
  readonly operands: readonly number[];
  readonly isFormula: boolean;
  /** `lines` are those of the operands, transformed; undefined = the operand has nothing there. */
  line(lines: readonly (Line | undefined)[], bucketCount: number): Line;
}

/** Metrics first, then formulas, as answers number them. Throws `INVALID_QUERY` for a formula that cannot be read. */
export function rowGroups(query: InsightsQuery): RowGroup[] {
  const { metrics, divisionByZero } = query;
  return [
    ...metrics.map((metric, i): RowGroup => ({
      operands: [i],
      isFormula: false,
      line: ([line], bucketCount) => line ?? emptyLine(bucketCount, emptyValue(metric)),
    })),
    ...reportFormulas(query).map((formula) =>
      formulaGroup(formula, metrics, divisionByZero === 'zero' ? 'zero' : 'gap'),
    ),
  ];
}

function formulaGroup(
  formula: ReportFormula,
  metrics: readonly Metric[],
  divisionByZero: 'gap' | 'zero',
): RowGroup {
  const { metrics: operands } = formula;
  const evaluate = (
    lines: readonly (Line | undefined)[],
    valuesOf: (line: Line) => readonly (number | null)[],
    bucketCount: number,
  ): readonly (number | null)[] => {
    const series = metrics.map((metric, i) => {
      const line = lines[operands.indexOf(i)];
      return { values: line && valuesOf(line), missing: emptyValue(metric) };
    });
    return evaluateReportFormula(formula, series, { bucketCount, divisionByZero });
  };
  return {
    operands,
    isFormula: true,
    // The value of the range comes from those of the range, not from buckets (4.4).
    line: (lines, bucketCount) => ({
      values: evaluate(lines, ({ values }) => values, bucketCount),
      total: evaluate(lines, ({ total }) => [total], 1)[0],
    }),
  };
}

/** What a metric has where nothing happened: 0 for counts and sums, nothing for what is an average of something. */
export function emptyValue(metric: Metric): number | null {
  switch (metric.type) {
    case undefined:
    case 'events':
    case 'people':
      return emptyMeasure(metric.measure);
    case 'cohort':
      return 0;
    case 'funnel':
      return emptyOf(metric);
    case 'retention':
      return metric.value === 'count' || metric.value === 'sum' ? 0 : null;
    default:
      return unreachable(metric);
  }
}

type AnyMeasure = Extract<Metric, { measure: unknown }>['measure'];

function emptyMeasure(measure: AnyMeasure): number | null {
  switch (measure.type) {
    case 'average':
    case 'min':
    case 'max':
    case 'median':
    case 'percentile':
      return null;
    case 'frequency':
    case 'per_user':
      return measure.over.type === 'sum' || measure.over.type === 'distribution' ? 0 : null;
    case 'total':
    case 'unique':
    case 'dau':
    case 'wau':
    case 'mau':
    case 'active':
    case 'cumulative_unique':
    case 'sessions':
    case 'sum':
    case 'distinct_count':
    case 'distribution':
      return 0;
    default:
      return unreachable(measure);
  }
}
