import { query } from '@arbor/engine/test/model/random-worlds';
import type { Query } from '@arbor/schema/query';
import { querySchema } from '@arbor/schema/query';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SavedDefinitions } from './resolve-query.ts';
import { resolveQuery } from './resolve-query.ts';

const none: SavedDefinitions = {
  cohort: () => undefined,
  customEvent: () => undefined,
  customProperty: () => undefined,
  eventNames: () => undefined,
  mergedEvents: () => [],
};

const member = { type: 'users' as const, name: 'C', ids: ['u1'] };
const saved: SavedDefinitions = {
  cohort: (id) => (id === 'c1' ? member : undefined),
  customEvent: (id) =>
    id === 'e1'
      ? {
          name: 'E',
          matches: [
            {
              event: 'A',
              filters: [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id: 'c1' }] }],
            },
            { event: 'merged', filters: [] },
          ],
        }
      : undefined,
  customProperty: (id) =>
    id === 'p1'
      ? {
          name: 'P',
          property: { scope: 'event', name: 'p', computed: { type: 'formula', expression: '1' } },
        }
      : undefined,
  eventNames: (name) => (name.startsWith('merged') ? ['merged', 'merged 2'] : undefined),
  mergedEvents: () => [['merged', 'merged 2']],
};

test('leaves a query without saved things as it is', () => {
  fc.assert(
    fc.property(query, (input) => {
      const parsed = querySchema.parse(input);
      expect(resolveQuery(parsed, none)).toEqual(parsed);
    }),
    { numRuns: 100 },
  );
});

/** Saved things wherever a query names events and properties, by what the texts of its JSON say. */
function withSavedThings(parsed: Query, at: readonly number[]): Query {
  let place = 0;
  const pick = <T>(own: T, ...others: T[]): T => {
    const turn = at[place++ % at.length] ?? 0;
    return turn === 0 ? own : (others[(turn - 1) % others.length] ?? own);
  };
  return JSON.parse(JSON.stringify(parsed), (key, value: unknown) => {
    if (key === 'event' && typeof value === 'string') {
      return pick(value, '$custom_event:e1', 'merged', 'merged 2');
    }
    if (key === 'filters' && Array.isArray(value) && value.length === 0) {
      const cohorts = [{ type: 'saved', id: 'c1' }];
      return pick<unknown>(value, [{ type: 'cohort', operator: 'in', cohorts }]);
    }
    const property = value as { scope?: string; computed?: unknown; path?: unknown } | null;
    if (property?.scope === 'event' && !property.computed && !property.path) {
      return { ...property, name: pick('p', '$custom_property:p1') };
    }
    return value;
  }) as Query;
}

test('leaves nothing to resolve, and what is left is a query', () => {
  fc.assert(
    fc.property(query, fc.array(fc.nat(3), { minLength: 1, maxLength: 9 }), (input, at) => {
      const asked = querySchema.parse(withSavedThings(querySchema.parse(input), at));
      const resolved = resolveQuery(asked, saved);
      // The names of a merged event stand in its definition alone, and in lists of names.
      const text = JSON.stringify(resolved, (key, value: unknown) =>
        key === 'definition' || key === 'expand' ? [] : value,
      );
      for (const left of ['$custom_event:', '$custom_property:', '"saved"', '"event":"merged']) {
        expect(text.includes(left), left).toBe(false);
      }
      expect(querySchema.parse(resolved)).toEqual(resolved);
      expect(resolveQuery(resolved, saved)).toEqual(resolved);
    }),
    { numRuns: 300 },
  );
});
