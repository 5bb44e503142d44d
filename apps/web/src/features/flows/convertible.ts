import { countedParts, type Convertible } from '#report/conversion.ts';
import { chosenAnchors, type FlowState } from './state.ts';

/** What other reports can ask of it; what lies around the anchors is this one's own. */
export function convertibleOf(state: FlowState): Convertible {
  return {
    type: 'flow',
    range: state.range,
    events: chosenAnchors(state).map(({ event, filters }) => ({ event, filters })),
    filters: state.filters,
    breakdowns: state.breakdown === null ? [] : [{ property: state.breakdown }],
    own: [
      'the steps around the events',
      ...countedParts([
        [state.hidden.length, 'hidden event'],
        [state.expanded.length, 'expanded event'],
      ]),
    ],
  };
}
