import { describe, expect, it } from 'vitest';
import { filterSchema } from '@arbor/schema/query';
import { newEventCondition } from './behaviour-state.ts';
import {
  filterSentence,
  kindsOf,
  newFilter,
  parseNumbers,
  withKind,
  withOperator,
  type FilterState,
} from './filter-state.ts';
import {
  eventStateSchema,
  filterBlock,
  filtersOf,
  incompleteCount,
  isComplete,
  queryFilters,
  querySelector,
  reportFilterSentence,
  withEvent,
  type ReportFilter,
} from './question.ts';

const country: FilterState = {
  property: { scope: 'event', name: 'mp_country_code' },
  kind: 'text',
  operator: 'equals',
  values: ['DE', 'FR'],
};
const amount: FilterState = {
  property: { scope: 'event', name: 'amount' },
  kind: 'number',
  operator: 'between',
  values: [10],
};

describe('filters', () => {
  it('begin with the first operator of the type the property mostly has', () => {
    expect(
      newFilter({ scope: 'event', name: 'amount', types: ['number', 'string'], count: 1 }),
    ).toEqual({
      property: { scope: 'event', name: 'amount' },
      kind: 'number',
      operator: 'equals',
      values: [],
    });
    expect(newFilter({ scope: 'person', name: 'x', types: ['null'], count: 1 }).kind).toBe('text');
  });

  it('read each type with operators of its own, and objects as text, once', () => {
    expect(kindsOf(['date', 'string', 'object', 'boolean', 'list', 'null'])).toEqual([
      'date',
      'text',
      'boolean',
      'list',
    ]);
  });

  it('are left out of the query while a value is missing, and counted', () => {
    expect(isComplete(amount)).toBe(false);
    expect(queryFilters([country, amount])).toEqual([
      {
        type: 'property',
        property: { scope: 'event', name: 'mp_country_code' },
        operator: 'equals',
        values: ['DE', 'FR'],
      },
    ]);
    expect(incompleteCount([country], [amount])).toBe(1);
  });

  it('keep what another operator can take', () => {
    expect(withOperator(country, 'contains').values).toEqual(['DE']);
    expect(withOperator(country, 'is_set').values).toEqual([]);
    expect(withKind(country, 'number')).toMatchObject({ operator: 'equals', values: [] });
  });

  it('accept the empty string as a value of "is" but not of "contains"', () => {
    expect(isComplete({ ...country, values: [''] })).toBe(true);
    expect(isComplete({ ...country, operator: 'contains', values: [''] })).toBe(false);
  });

  it('can be read as a sentence', () => {
    expect(filterSentence(country)).toBe('Country is DE or FR');
    expect(filterSentence({ ...amount, values: [10, 20] })).toBe('amount between 10 and 20');
    expect(filterSentence({ ...country, operator: 'is_not_set', values: [] })).toBe(
      'Country is not set',
    );
  });
});

describe('parseNumbers', () => {
  it('takes several, and refuses what is no number', () => {
    expect(parseNumbers('1, 2.5;-3')).toEqual([1, 2.5, -3]);
    expect(parseNumbers('')).toEqual([]);
    expect(parseNumbers('12 apples')).toBeNull();
  });
});

describe('querySelector', () => {
  it('is null until an event was chosen; null is any event', () => {
    expect(querySelector({ filters: [] })).toBeNull();
    expect(querySelector({ event: null, filters: [] })).toEqual({
      anyOf: [{ event: null, filters: [] }],
    });
  });
});

describe('a cohort as filter', () => {
  it('is asked once it is chosen, and is incomplete before', () => {
    const chosen = { cohort: { operator: 'not_in' as const, id: 'c1' } };
    const open = { cohort: { operator: 'in' as const } };
    expect(queryFilters([open, chosen])).toEqual([
      { type: 'cohort', operator: 'not_in', cohorts: [{ type: 'saved', id: 'c1' }] },
    ]);
    expect(incompleteCount([open, chosen])).toBe(1);
  });

  it('is read back from a link beside filters of properties', () => {
    const filters = [
      { cohort: { operator: 'in', id: 'c1' } },
      { property: { scope: 'event', name: 'a' }, kind: 'text', operator: 'is_set', values: [] },
    ];
    expect(eventStateSchema.parse({ event: null, filters })).toEqual({ event: null, filters });
  });
});

describe('groups of filters', () => {
  const plan: FilterState = {
    property: { scope: 'person', name: 'plan' },
    kind: 'text',
    operator: 'equals',
    values: ['pro'],
  };
  const open: FilterState = { ...plan, values: [] };

  it('leave out what is incomplete, and are left out when nothing is left', () => {
    expect(queryFilters([{ group: 'any', filters: [plan, open] }])).toMatchObject([
      { type: 'any', filters: [{ type: 'property', values: ['pro'] }] },
    ]);
    expect(queryFilters([{ group: 'any', filters: [open] }])).toEqual([]);
    expect(incompleteCount([{ group: 'any', filters: [plan, open] }, open])).toBe(2);
    expect(incompleteCount([{ group: 'all', filters: [] }])).toBe(1);
  });

  it('are one list of which all or any pass, with groups in it', () => {
    const filters: ReportFilter[] = [plan, { group: 'any', filters: [plan, plan] }];
    const block = filterBlock(filters);
    expect(block).toEqual({ combination: 'all', entries: filters });
    const any = filtersOf({ ...block, combination: 'any' });
    expect(any).toEqual([{ group: 'any', filters }]);
    expect(filterBlock(any)).toEqual({ combination: 'any', entries: filters });
    expect(filtersOf({ ...filterBlock(any), combination: 'all' })).toEqual(filters);
  });

  it('stand in links, with what users did', () => {
    const state = {
      event: null,
      filters: [
        {
          group: 'any' as const,
          filters: [
            { group: 'all' as const, filters: [plan, { behaviour: newEventCondition }] },
            plan,
          ],
        },
      ],
    };
    expect(eventStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('ask who did something as a cohort that nobody saved', () => {
    const behaviour = { ...newEventCondition, did: false, event: 'Order completed' };
    const [asked] = queryFilters([{ behaviour }]);
    expect(filterSchema.parse(asked)).toMatchObject({
      type: 'cohort',
      operator: 'in',
      cohorts: [
        {
          type: 'conditions',
          filters: [{ type: 'behavior', count: { operator: 'at_most', value: 0 } }],
        },
      ],
    });
  });

  it('are said in words', () => {
    expect(
      reportFilterSentence(
        { group: 'any', filters: [plan, { cohort: { operator: 'in', id: 'c1' } }] },
        () => 'Buyers',
      ),
    ).toBe('(plan is pro or in Buyers)');
  });
});

describe('one more event', () => {
  const named = (event: string) => ({ event, filters: [] });

  it('goes where none was chosen yet, else to the end, and nowhere when all are taken', () => {
    const made = named('C');
    expect(withEvent([named('A'), { filters: [] }], made, 3)).toEqual([named('A'), made]);
    expect(withEvent([named('A'), named('B')], made, 3)).toEqual([named('A'), named('B'), made]);
    expect(withEvent([named('A'), named('B')], made, 2)).toBeNull();
  });
});
