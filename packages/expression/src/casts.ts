import { isList, isObject, type Value } from './value.ts';
import type { WorkBudget } from './work-budget.ts';

const decimal = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** A decimal text as a number; undefined for any other text and for what no number can hold. */
export function numberOfText(text: string): number | undefined {
  if (!decimal.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** `number(x)` (`query-api.md` 19.2): booleans are 1 and 0, texts are read as decimals. */
export function castToNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'string' ? numberOfText(value) : undefined;
}

/** `string(x)` (`query-api.md` 19.2); a list or an object is its JSON. null and undefined stay what they are. */
export function castToText(value: Value, budget: WorkBudget): string | null | undefined {
  if (typeof value === 'string' || value === undefined || value === null) return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? decimalText(value) : jsonText(value, budget);
}

/** A number in digits, without an exponent: 1e21 is 1 and 21 zeros. Minus zero is 0. */
export function decimalText(number: number): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(String(number)) ?? [];
  if (exponent === undefined) return String(number);
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  // JavaScript writes exponents from 21 on, where no digit is left behind the point.
  return `${sign}${digits.padEnd(point, '0')}`;
}

/** As JSON.stringify writes it, within the bounds of the evaluation: lists may share parts and so be large. */
function jsonText(value: Value, budget: WorkBudget): string {
  const parts: string[] = [];
  let characters = 0;
  const add = (part: string): void => {
    characters += part.length;
    budget.spend(1);
    budget.allowText(characters);
    parts.push(part);
  };
  const write = (one: Value): void => {
    if (isList(one)) {
      add('[');
      one.forEach((item, i) => {
        if (i > 0) add(',');
        write(item);
      });
      add(']');
    } else if (isObject(one)) {
      add('{');
      Object.entries(one).forEach(([key, item], i) => {
        add(`${i > 0 ? ',' : ''}${JSON.stringify(key)}:`);
        write(item);
      });
      add('}');
    } else {
      add(one === undefined ? 'null' : JSON.stringify(one));
    }
  };
  write(value);
  return parts.join('');
}
