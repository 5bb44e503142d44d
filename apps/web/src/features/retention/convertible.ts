import type { Convertible } from '#report/conversion.ts';
import type { RetentionState } from './state.ts';

/** What other reports can ask of it; who counts as back is this one's own. */
export function convertibleOf(state: RetentionState): Convertible {
  return {
    type: 'retention',
    range: state.range,
    events: [state.birth, state.return].filter(({ event }) => event !== undefined),
    filters: state.filters,
    breakdowns: state.breakdowns,
    own: ['how coming back is counted', ...(state.compare === null ? [] : ['the comparison'])],
  };
}
