import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohortDefinitionSchema } from '@arbor/schema/definitions';
import { userConditionSchema, type UserCondition } from '@arbor/schema/query';
import { newEventCondition } from '#report/behaviour-state.ts';
import {
  newCohortCondition,
  newSequenceCondition,
  type ConditionState,
} from '#report/conditions.ts';
import {
  cohortFilters,
  cohortSentence,
  cohortStateOf,
  definitionSentence,
  incompleteConditions,
  newCohort,
  type CohortState,
} from './definition.ts';

const bought: ConditionState = { ...newEventCondition, event: 'Order completed', times: 2 };
const never: ConditionState = { ...newEventCondition, did: false, event: null, days: null };
const spent: ConditionState = {
  ...newEventCondition,
  event: 'Order completed',
  measure: { type: 'sum', property: { scope: 'event', name: 'amount' } },
  operator: 'between',
  times: 10,
  to: 20,
  unit: 'week',
};
const path: ConditionState = {
  ...newSequenceCondition,
  steps: [
    { event: 'A', filters: [] },
    { event: 'B', filters: [{ cohort: { operator: 'in', id: 'c2' } }] },
  ],
};
const city: ConditionState = {
  type: 'property',
  filter: {
    property: { scope: 'person', name: '$city' },
    kind: 'text',
    operator: 'equals',
    values: ['Berlin'],
  },
};
const company: ConditionState = {
  type: 'property',
  filter: {
    property: { scope: 'person', name: 'company' },
    kind: 'text',
    operator: 'contains',
    values: ['ACME'],
    caseSensitive: true,
  },
};
const member: ConditionState = { ...newCohortCondition, operator: 'not_in', id: 'c1' };
const complete = [bought, never, spent, path, city, company, member];

/** As the API gives a saved definition back. */
const saved = (state: CohortState): UserCondition[] =>
  cohortFilters(state).map((filter) => userConditionSchema.parse(filter));

const stateArbitrary: fc.Arbitrary<CohortState> = fc.record({
  join: fc.constantFrom('all', 'any'),
  groups: fc.array(
    fc.record({
      match: fc.constantFrom('all', 'any', 'none'),
      conditions: fc.array(fc.constantFrom(...complete), { minLength: 1, maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

describe('a cohort that is edited', () => {
  it('means the same after it was saved and opened again', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        const filters = saved(state);
        expect(saved(cohortStateOf(filters))).toEqual(filters);
      }),
    );
  });

  it('is a definition that the API takes', () => {
    fc.assert(
      fc.property(stateArbitrary, (state) => {
        const definition = { type: 'live', filters: cohortFilters(state) };
        expect(cohortDefinitionSchema.safeParse(definition).success).toBe(true);
      }),
    );
  });

  it('looks the same after it was opened again', () => {
    const state: CohortState = {
      join: 'any',
      groups: [
        { match: 'all', conditions: [bought, city] },
        { match: 'none', conditions: [path] },
      ],
    };
    expect(cohortStateOf(saved(state))).toEqual(state);
    const one: CohortState = {
      join: 'all',
      groups: [{ match: 'any', conditions: [spent, company, member] }],
    };
    expect(cohortStateOf(saved(one))).toEqual(one);
  });

  it('excludes whoever meets any of the conditions of a group of none', () => {
    const state: CohortState = {
      join: 'all',
      groups: [{ match: 'none', conditions: [city, member] }],
    };
    expect(cohortFilters(state)).toMatchObject([
      {
        type: 'cohort',
        operator: 'not_in',
        cohorts: [{ type: 'conditions', filters: [{ type: 'any', filters: [{}, {}] }] }],
      },
    ]);
  });

  it('leaves out what is incomplete, and counts it', () => {
    const state: CohortState = {
      join: 'all',
      groups: [
        { match: 'all', conditions: [newEventCondition, city] },
        { match: 'any', conditions: [newSequenceCondition] },
      ],
    };
    expect(cohortFilters(state)).toHaveLength(1);
    expect(incompleteConditions(state)).toBe(2);
    expect(cohortFilters(newCohort)).toEqual([]);
  });

  it('keeps what there are no fields for as it is', () => {
    const behind: UserCondition = { type: 'report', list: { type: 'list' } };
    const dated: UserCondition = userConditionSchema.parse({
      type: 'behavior',
      selector: { anyOf: [{ event: 'A' }, { event: 'B' }] },
      span: { type: 'since', from: '2026-01-01' },
    });
    expect(saved(cohortStateOf([behind, dated]))).toEqual([behind, dated]);
  });
});

describe('cohortSentence', () => {
  const nameOf = (id: string): string => `“${id}”`;

  it('joins conditions and groups by what must hold', () => {
    const state: CohortState = {
      join: 'any',
      groups: [
        { match: 'all', conditions: [bought, city] },
        { match: 'none', conditions: [member] },
      ],
    };
    expect(cohortSentence(state, nameOf)).toBe(
      '(did Order completed at least 2 times in the last 30 days and City is Berlin) or (none of: not in cohort “c1”)',
    );
  });

  it('says what is compared', () => {
    const of = (condition: ConditionState): string =>
      cohortSentence({ join: 'all', groups: [{ match: 'all', conditions: [condition] }] }, nameOf);
    expect(of(spent)).toBe(
      'Did Order completed with sum of amount between 10 and 20 in the last 30 weeks',
    );
    expect(of(path)).toBe('Did A, then B within 7 days in the last 30 days');
    expect(
      of({
        ...newEventCondition,
        event: 'A',
        measure: { type: 'distinct_time', unit: 'day' },
        times: 3,
      }),
    ).toBe('Did A on at least 3 different days in the last 30 days');
  });

  it('names an uploaded list', () => {
    expect(definitionSentence({ type: 'frozen' }, nameOf)).toBe('An uploaded list');
  });
});
