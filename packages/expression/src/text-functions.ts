import { constantText, type EagerFunction } from './eager-function.ts';
import { urlParts } from './functions.ts';
import { characterCount, characters, endsIgnoringCase, part, startsIgnoringCase } from './texts.ts';
import { urlPart } from './url-parts.ts';
import { isList, type Value } from './value.ts';
import type { WorkBudget } from './work-budget.ts';

/** Texts (`reports.md` 14.3). What is no text is undefined. */
export const textFunctions = {
  upper: ofText((text) => text.toUpperCase()),
  lower: ofText((text) => text.toLowerCase()),
  len: (compilation, call) => {
    const lengthOfText = ofText(characterCount)(compilation, call);
    return (value) => (isList(value) ? value.length : lengthOfText(value, undefined, undefined));
  },
  left: ofText((text, count) =>
    typeof count === 'number' ? characters(text, 0, Math.trunc(count)) : undefined,
  ),
  right: ofText((text, count) => {
    if (typeof count !== 'number') return undefined;
    const length = characterCount(text);
    return characters(text, length - Math.trunc(count), length);
  }),
  mid: ofText((text, first, count) => {
    if (typeof first !== 'number' || typeof count !== 'number') return undefined;
    const start = Math.trunc(first) - 1;
    return characters(text, start, start + Math.trunc(count));
  }),
  split: (compilation, call) =>
    ofText(call.args.length === 3 ? partOf : partsOf)(compilation, call),
  has_prefix: ofText((text, prefix) =>
    typeof prefix === 'string' ? startsIgnoringCase(text, prefix) : undefined,
  ),
  has_suffix: ofText((text, suffix) =>
    typeof suffix === 'string' ? endsIgnoringCase(text, suffix) : undefined,
  ),
  parse_url: (compilation, call) => {
    const wanted = urlParts.find((one) => one === constantText(call, 1)) ?? 'full_domain';
    return ofText((text) => urlPart(text, wanted))(compilation, call);
  },
} satisfies Readonly<Record<string, EagerFunction>>;

type TextFunction = (text: string, second: Value, third: Value, budget: WorkBudget) => Value;

function ofText(apply: TextFunction): EagerFunction {
  return ({ budget }) =>
    (text, second, third) => {
      if (typeof text !== 'string') return undefined;
      budget.spendText(text.length);
      return apply(text, second, third, budget);
    };
}

/** Part `n` of a text, counted from 1. */
function partOf(text: string, delimiter: Value, n: Value, budget: WorkBudget): Value {
  if (!isDelimiter(delimiter) || typeof n !== 'number') return undefined;
  budget.spend(Math.max(0, Math.min(n, text.length)));
  return part(text, delimiter, n);
}

/** All parts of a text. */
function partsOf(text: string, delimiter: Value, _: Value, budget: WorkBudget): Value {
  if (!isDelimiter(delimiter)) return undefined;
  const parts = text.split(delimiter);
  budget.spend(parts.length);
  return parts;
}

/** The empty text divides nothing. */
function isDelimiter(value: Value): value is string {
  return typeof value === 'string' && value !== '';
}
