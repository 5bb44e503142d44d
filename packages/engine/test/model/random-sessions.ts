import fc from 'fast-check';
import type { QueryInput } from '@arbor/schema/query';
import { noDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { ProjectDefinitions } from '../../src/query/plan/plan-scope.ts';
import type { SessionsPlan } from '../../src/query/plan/plan-types.ts';

/** How a project may cut its sessions; properties and events are those of random worlds. */
const mode: fc.Arbitrary<SessionsPlan['mode']> = fc.oneof(
  fc.record({
    type: fc.constant('timeout' as const),
    timeoutMs: fc.constantFrom(60_000, 1_800_000, 4 * 3_600_000, 12 * 3_600_000, 86_400_000),
  }),
  fc.record({
    type: fc.constant('events' as const),
    start: fc.constantFrom('A', 'B'),
    end: fc.constantFrom('A', 'B', 'C'),
  }),
  fc.record({ type: fc.constant('property' as const), name: fc.constantFrom('p', 'n', 'missing') }),
);

const sessions: fc.Arbitrary<SessionsPlan> = fc.record({
  mode,
  excluded: fc.constantFrom<string[][]>([], [], ['C'], ['A']),
  properties: fc.constantFrom<string[][]>([], ['p'], ['p', 'n']),
});

/** What a project may have said of its sessions. */
export const sessionDefinitions: fc.Arbitrary<ProjectDefinitions> = sessions.map((own) => ({
  ...noDefinitions,
  sessions: own,
}));

const sessionEvent = fc.constantFrom('$session_start', '$session_end');
const property = fc.constantFrom('$origin_start', '$origin_end', '$event_count', 'p', 'n');

const insights: fc.Arbitrary<QueryInput> = fc
  .record({
    event: sessionEvent,
    other: fc.constantFrom('A', null),
    by: fc.option(property, { nil: undefined }),
  })
  .map(({ event, other, by }) => ({
    type: 'insights',
    range: { from: '2024-03-08', to: '2024-04-14' },
    metrics: [
      { selector: { anyOf: [{ event }] }, measure: { type: 'total' } },
      { selector: { anyOf: [{ event: other }] }, measure: { type: 'total' } },
      {
        selector: { anyOf: [{ event }] },
        measure: { type: 'sum', property: { scope: 'event', name: '$duration_s' } },
      },
      {
        selector: { anyOf: [{ event }] },
        measure: { type: 'max', property: { scope: 'event', name: '$event_count' } },
      },
    ],
    breakdowns: by === undefined ? [] : [{ property: { scope: 'event', name: by } }],
  }));

const funnel: fc.Arbitrary<QueryInput> = fc
  .array(fc.oneof(sessionEvent, fc.constantFrom('A', 'B', null)), { minLength: 2, maxLength: 4 })
  .map((events) => ({
    type: 'funnel',
    range: { from: '2024-03-08', to: '2024-04-14' },
    steps: events.map((event) => ({ anyOf: [{ event }] })),
  }));

/** Questions about the ends of sessions. */
export const sessionQuestion = fc.oneof(insights, funnel);

/** The same question about the ends of sessions, where it is about some of the events of random worlds. */
export function onSessionEvents<Q extends QueryInput>(question: Q): Q {
  return JSON.parse(JSON.stringify(question), (key, value: unknown) => {
    if (key !== 'event') return value;
    if (value === 'C') return '$session_start';
    return value === 'B' ? '$session_end' : value;
  }) as Q;
}
