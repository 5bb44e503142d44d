import type { PropertyValue } from '@arbor/schema/property-value';
import type { Segment } from '@arbor/schema/result';

/** A missing value, and null. */
export const notSet: Segment = { type: 'not_set', text: '(not set)' };

/** The segments that a value lies in (3.6, 3.7); an item twice in a list is there twice. */
export function segmentsOf(value: PropertyValue): Segment[] {
  if (!Array.isArray(value)) return [segmentOf(value)];
  return value.length === 0 ? [notSet] : value.map(segmentOf);
}

/** Types are kept apart; an empty text is something, and what has no text of its own is its JSON. */
export function segmentOf(value: PropertyValue): Segment {
  if (value === null) return notSet;
  if (value === '') return { type: 'empty_string', text: '(empty string)' };
  if (typeof value === 'string') return { type: 'string', text: value };
  if (typeof value === 'number') return { type: 'number', text: String(value) };
  if (typeof value === 'boolean') return { type: 'boolean', text: String(value) };
  return { type: 'json', text: JSON.stringify(value) };
}
