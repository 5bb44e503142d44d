import fc from 'fast-check';
import type { QueryInput, UserConditionInput } from '@arbor/schema/query';
import { history, world as plainWorld } from './random-worlds.ts';
import type { World } from './world.ts';

const name = fc.constantFrom('Ada Lovelace', ' ada', 'ÀDA', 'Bob', 'bOB B', 'Zoë', '李', '', 7);

/** Users with names, e-mails and properties to be sorted by; some events are hidden. */
export const namedWorld: fc.Arbitrary<World> = fc
  .tuple(
    plainWorld,
    fc.array(
      fc.record(
        { $name: name, $first_name: name, $last_name: name, $email: name },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    fc.constantFrom<readonly string[]>([], [], ['A'], ['B', 'C']),
  )
  .map(([things, names, hiddenEvents]) => ({
    ...things,
    people: Object.fromEntries(
      Object.entries(things.people).map(([user, properties], i) => [
        user,
        { ...properties, ...names[i] },
      ]),
    ),
    hiddenEvents,
  }));

const column = fc.oneof(
  fc.constantFrom('p', 'n', 'missing', '$name').map((property) => {
    return { type: 'property' as const, name: property };
  }),
  fc.constantFrom(
    { type: 'display_name' as const },
    { type: 'user' as const },
    { type: 'first_seen' as const },
    { type: 'last_seen' as const },
    { type: 'event_count' as const },
  ),
);

/** Those of cohorts, and a cohort by itself. */
const conditions: fc.Arbitrary<UserConditionInput[]> = fc.oneof(
  history.query.map((cohort) => (cohort.type === 'cohort' ? cohort.filters : [])),
  history.cohort.map((cohort) => [
    { type: 'cohort' as const, operator: 'in' as const, cohorts: [cohort] },
  ]),
);

export const usersQuery: fc.Arbitrary<Extract<QueryInput, { type: 'users' }>> = fc.record({
  type: fc.constant('users' as const),
  who: fc.constantFrom('profiles' as const, 'all' as const),
  search: fc.constantFrom('', '', '', 'a', 'B', 'ada', 'à', 'ada l', ' ', 'o', '李', 'zz'),
  found: fc.constantFrom<string[][]>([], [], ['bob'], ['cyd', 'nobody']),
  filters: fc.oneof({ weight: 2, arbitrary: fc.constant<UserConditionInput[]>([]) }, conditions),
  cohort: fc.option(history.cohort, { nil: undefined, freq: 4 }),
  columns: fc.array(column, { maxLength: 3 }),
  sort: fc.record({
    by: column,
    order: fc.constantFrom('ascending' as const, 'descending' as const),
  }),
  limit: fc.constantFrom(1, 2, 100),
});
