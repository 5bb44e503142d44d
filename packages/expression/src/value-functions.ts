import { castToNumber, castToText } from './casts.ts';
import { ofNumber, type EagerFunction } from './eager-function.ts';
import { roundHalfAway } from './numbers.ts';
import { secondsOf, secondsOfText } from './time-values.ts';
import { finite, isList, isTruthy, kindOf } from './value.ts';

/** Types, casts and numbers. What does not fit is undefined (`query-api.md` 19.2). */
export const valueFunctions = {
  boolean: () => isTruthy,
  // A formula takes dates as numbers of seconds (`reports.md` 14.3), a text that is one too.
  number:
    ({ dialect }) =>
    (value) =>
      castToNumber(value) ??
      (dialect === 'formula' && typeof value === 'string' ? secondsOfText(value) : undefined),
  string:
    ({ budget }) =>
    (value) =>
      castToText(value, budget),
  datetime: () => secondsOf,
  defined: () => (value) => value !== undefined && value !== null,
  typeof: () => kindOf,
  floor: ofNumber((number) => Math.floor(number)),
  ceil: ofNumber((number) => Math.ceil(number) + 0),
  round: (_, { args }) =>
    args.length === 1
      ? (number) => (typeof number === 'number' ? roundHalfAway(number) : undefined)
      : (number, digits) =>
          typeof number === 'number' && typeof digits === 'number'
            ? roundHalfAway(number, digits)
            : undefined,
  sum:
    ({ budget }) =>
    (list) => {
      if (!isList(list)) return undefined;
      budget.spend(list.length);
      let total = 0;
      for (const item of list) if (typeof item === 'number') total += item;
      return finite(total);
    },
} satisfies Readonly<Record<string, EagerFunction>>;
