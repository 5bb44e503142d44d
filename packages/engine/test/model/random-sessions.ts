import fc from 'fast-check';
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
