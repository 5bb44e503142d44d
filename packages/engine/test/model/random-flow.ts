import fc from 'fast-check';
import type { EventSelectorInput, QueryInput } from '@arbor/schema/query';

type FlowInput = Extract<QueryInput, { type: 'flow' }>;

const few = fc.constantFrom(0, 0, 1, 2, 5);
const property = fc.record({
  scope: fc.constantFrom('event' as const, 'event' as const, 'person' as const),
  name: fc.constantFrom('p', 'n', 'missing'),
});
const event = fc.constantFrom('A', 'B', 'C');

/** What other reports have too. */
export interface CommonFields {
  readonly range: fc.Arbitrary<FlowInput['range']>;
  readonly filters: fc.Arbitrary<NonNullable<FlowInput['filters']>>;
  readonly breakdowns: fc.Arbitrary<NonNullable<FlowInput['breakdowns']>>;
  readonly segmentsMax: fc.Arbitrary<number>;
  readonly selector: fc.Arbitrary<EventSelectorInput>;
}

/** Every option of a flow. */
export function flowQuery({ selector, ...common }: CommonFields): fc.Arbitrary<QueryInput> {
  const session = fc.constantFrom('$session_start', '$session_end');
  const anchor = fc.oneof(
    { weight: 8, arbitrary: selector },
    { weight: 1, arbitrary: session.map((own) => ({ anyOf: [{ event: own }] })) },
  );
  return fc.record({
    ...common,
    type: fc.constant('flow' as const),
    anchors: fc.array(fc.record({ selector: anchor, before: few, after: few }), {
      minLength: 1,
      maxLength: 3,
    }),
    counting: fc.constantFrom('unique' as const, 'totals' as const, 'sessions' as const),
    window: fc.record({
      value: fc.constantFrom(1, 2, 12),
      unit: fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'session' as const),
    }),
    hold: fc.oneof(
      { weight: 3, arbitrary: fc.constant<never[]>([]) },
      { weight: 1, arbitrary: fc.array(property, { minLength: 1, maxLength: 2 }) },
    ),
    hidden: fc.constantFrom<string[][]>([], [], ['A'], ['B', 'C'], ['Custom']),
    exclusions: fc.oneof(
      { weight: 2, arbitrary: fc.constant<never[]>([]) },
      { weight: 1, arbitrary: fc.array(selector, { minLength: 1, maxLength: 2 }) },
    ),
    collapseRepeated: fc.boolean(),
    expand: fc.array(fc.record({ event: fc.oneof(event, fc.constant('Custom')), property }), {
      maxLength: 2,
    }),
    customEvents: fc.oneof(
      { weight: 3, arbitrary: fc.constant<never[]>([]) },
      {
        weight: 1,
        arbitrary: fc.array(fc.record({ name: fc.constantFrom('Custom', 'A'), selector }), {
          minLength: 1,
          maxLength: 2,
        }),
      },
    ),
    rows: fc.constantFrom(1, 2, 3, 50),
    pathsMax: fc.constantFrom(0, 2, 50),
  });
}
