import type { PropertyValue } from '@arbor/schema/property-value';

/** Types as the pickers of the dashboard name them. A value of type `date` is a string by its JSON form. */
export const valueTypeNames = [
  'string',
  'number',
  'boolean',
  'date',
  'list',
  'object',
  'null',
] as const;

export type ValueTypeName = (typeof valueTypeNames)[number];

/** Index of each name. */
export const valueTypes: Readonly<Record<ValueTypeName, number>> = {
  string: 0,
  number: 1,
  boolean: 2,
  date: 3,
  list: 4,
  object: 5,
  null: 6,
};

/** Index of a value's type. */
export function typeOfValue(value: PropertyValue): number {
  if (typeof value === 'string') return isDateText(value) ? valueTypes.date : valueTypes.string;
  if (typeof value === 'number') return valueTypes.number;
  if (typeof value === 'boolean') return valueTypes.boolean;
  if (value === null) return valueTypes.null;
  return Array.isArray(value) ? valueTypes.list : valueTypes.object;
}

const datePattern =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d)?$/;

/** `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS` (ingestion-api.md 9.1). */
export function isDateText(text: string): boolean {
  if (text.length !== 10 && text.length !== 19) return false;
  return datePattern.test(text);
}
