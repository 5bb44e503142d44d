import { countedParts, type Convertible } from '#report/conversion.ts';
import { chosenSteps, type FunnelState } from './state.ts';

/** What other reports can ask of it; the way through the steps is this one's own. */
export function convertibleOf(state: FunnelState): Convertible {
  return {
    type: 'funnel',
    range: state.range,
    events: chosenSteps(state),
    filters: state.filters,
    breakdowns: state.breakdowns,
    own: [
      'the window',
      ...(state.compare === null ? [] : ['the comparison']),
      ...countedParts([
        [state.exclusions.length, 'exclusion'],
        [state.hold.length, 'property held constant'],
      ]),
    ],
  };
}
