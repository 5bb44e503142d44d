import { countedParts, type Convertible } from '#report/conversion.ts';
import { askedMetrics, type InsightsState } from './state.ts';

/** What other reports can ask of it; how metrics are measured is this one's own. */
export function convertibleOf(state: InsightsState): Convertible {
  const asked = askedMetrics(state);
  const measured = asked.some(({ metric }) => metric.measure.type !== 'total');
  return {
    type: 'insights',
    range: state.range,
    events: asked.map(({ metric: { event, filters } }) => ({ event, filters })),
    filters: state.filters,
    breakdowns: state.breakdowns,
    own: [
      ...(measured ? ['how metrics are measured'] : []),
      ...countedParts([[state.formulas.length, 'formula']]),
      ...(state.compare === null ? [] : ['the comparison']),
      ...(state.analysis === null ? [] : ['the analysis']),
    ],
  };
}
