/** Any JSON, or undefined for what is missing. Numbers are finite; dates are numbers of unix seconds. */
export type Value =
  | undefined
  | null
  | boolean
  | number
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

export type ValueObject = { readonly [key: string]: Value };

export type ValueKind = 'undefined' | 'null' | 'boolean' | 'number' | 'string' | 'list' | 'object';

/** The type by name, as `typeof` of the language gives it. */
export function kindOf(value: Value): ValueKind {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (isList(value)) return 'list';
  if (isObject(value)) return 'object';
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'number' ? 'number' : 'string';
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isObject(value: Value): value is ValueObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `boolean(x)` (`reports.md` 3.5): false, 0, null, missing, "" and "false" are false, all else is true. */
export function isTruthy(value: Value): boolean {
  return !(
    value === undefined ||
    value === null ||
    value === false ||
    value === 0 ||
    value === '' ||
    value === 'false'
  );
}

/** No number of JSON is infinite, so what grows beyond all bounds is undefined. */
export function finite(number: number): number | undefined {
  return Number.isFinite(number) ? number : undefined;
}
