import fc from 'fast-check';
import type { FilterInput, PropertyCast, PropertyRefInput, QueryInput } from '@arbor/schema/query';
import { propertyFilter, range } from './random-worlds.ts';

/** Filters and breakdown are about the same list, whose items they choose (3.6). */
export function matchingInsights({
  cast,
  filter,
}: {
  readonly cast: fc.Arbitrary<PropertyCast | undefined>;
  readonly filter: fc.Arbitrary<FilterInput>;
}): fc.Arbitrary<QueryInput> {
  const filters = fc.tuple(propertyFilter, propertyFilter, fc.nat({ max: 3 }));
  return fc
    .record({
      property: fc
        .tuple(fc.constantFrom('tags', 'tags', 'source'), cast)
        .map(([name, to]): PropertyRefInput => ({ scope: 'event', name, ...(to && { cast: to }) })),
      global: fc.array(filters, { maxLength: 1 }),
      inline: fc.array(filters, { minLength: 1, maxLength: 2 }),
      other: filter,
      range,
      segmentsMax: fc.constantFrom(2, 200),
      otherSegment: fc.boolean(),
    })
    .map(({ property, global, inline, other, ...rest }) => {
      const { cast: _, ...uncast } = property;
      const filterOf = ([one, another, form]: (typeof global)[number]): FilterInput[] => {
        const own: FilterInput[] = [
          { ...one, property },
          { ...another, property: uncast },
        ];
        if (form === 0) return own.slice(0, 1);
        if (form === 1) return [{ type: 'any', filters: [{ type: 'all', filters: own }, own[1]] }];
        return form === 2 ? [{ type: 'any', filters: [own[0], other] }] : [other];
      };
      return {
        type: 'insights',
        ...rest,
        unit: 'total',
        filters: global.flatMap(filterOf),
        breakdowns: [{ property, items: 'matching' }],
        metrics: [
          {
            selector: { anyOf: inline.map((own) => ({ event: null, filters: filterOf(own) })) },
            measure: { type: 'total' },
          },
        ],
      } as QueryInput;
    });
}
