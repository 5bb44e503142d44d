import type { PropertyRef } from '@arbor/schema/query';
import type { Segment } from '@arbor/schema/result';
import type { FilterState } from './question.ts';

/**
 * The filter that keeps a segment of a plain breakdown, or all but it; null where one filter cannot say so: of
 * buckets, combinations and values that are no plain ones.
 */
export function segmentFilter(
  property: PropertyRef,
  { type, text }: Pick<Segment, 'type' | 'text'>,
  keep: boolean,
): FilterState | null {
  switch (type) {
    case 'string':
      return equal(property, 'text', [text], keep);
    case 'empty_string':
      return equal(property, 'text', [''], keep);
    case 'number':
      return equal(property, 'number', [Number(text)], keep);
    case 'boolean':
      return {
        property,
        kind: 'boolean',
        operator: (text === 'true') === keep ? 'is_true' : 'is_false',
        values: [],
      };
    case 'not_set':
      return { property, kind: 'text', operator: keep ? 'is_not_set' : 'is_set', values: [] };
    case 'json':
    case 'other':
    case 'range':
    case 'non_numeric':
    case 'group':
    case 'remaining':
    case 'date':
    case 'in':
    case 'not_in':
    case 'event':
    case 'combination':
      return null;
  }
}

function equal(
  property: PropertyRef,
  kind: FilterState['kind'],
  values: FilterState['values'],
  keep: boolean,
): FilterState {
  return { property, kind, operator: keep ? 'equals' : 'does_not_equal', values };
}
