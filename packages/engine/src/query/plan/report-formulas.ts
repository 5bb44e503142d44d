import { ExpressionError } from '@arbor/expression/expression-error';
import { parseReportFormula } from '@arbor/expression/report-formula';
import type { ReportFormula } from '@arbor/expression/report-formula';
import type { InsightsQuery } from '@arbor/schema/query';
import { invalidQuery } from './invalid-query.ts';

/** The formulas of a report, read (4.4). Throws `INVALID_QUERY` for one that cannot be. */
export function reportFormulas({
  metrics,
  formulas,
}: Pick<InsightsQuery, 'metrics' | 'formulas'>): ReportFormula[] {
  const letters = {
    count: metrics.length + formulas.length,
    formulas: new Set(formulas.map((_, i) => metrics.length + i)),
  };
  return formulas.map(({ expression }) => {
    try {
      return parseReportFormula(expression, letters);
    } catch (cause) {
      if (!(cause instanceof ExpressionError)) throw cause;
      throw invalidQuery(`the formula "${expression}" cannot be read: ${cause.message}`, { cause });
    }
  });
}
