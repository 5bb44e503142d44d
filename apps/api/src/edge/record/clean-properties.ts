import { limits } from '@arbor/schema/limits';
import type { Properties, PropertyValue } from '@arbor/schema/property-value';
import { cleanText, type TextRules } from './clean-text.ts';
import { type ProblemCode, type RecordProblem, invalid } from './record-problem.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface PropertyRules extends TextRules {
  /** Path in front of a name in messages: `properties`, `$set`. */
  readonly path: string;
  readonly propertiesMax: number;
  /** Names that are not stored, and not counted. */
  readonly without?: ReadonlySet<string>;
}

/**
 * Properties as they are stored: strings and names cut, the limits of `ingestion-api.md` 9.5 checked.
 * Returns the first problem instead if the record must be refused. The result is new in every part
 * that may be changed later; it never shares an object with the request.
 *
 * A property named `__proto__` is left out: written to an ordinary object it would change what that
 * object is. Other names that mean something to JavaScript (`constructor`, `toString`) are data.
 */
export function cleanProperties(
  source: JsonObject,
  rules: PropertyRules,
): Properties | RecordProblem {
  const target: Record<string, PropertyValue> = {};
  let count = 0;
  for (const name of Object.keys(source)) {
    if (rules.without?.has(name) || name === '__proto__') continue;
    const cleanName = cleanText(name, rules);
    if (cleanName === null) return invalid(`${rules.path}.${name}`, badText);
    const value = cleanValue(source[name], rules, { objects: 0, lists: 0 });
    if (value instanceof Refusal) {
      return invalid(`${rules.path}.${cleanName}`, value.reason, value.code);
    }
    if (++count > rules.propertiesMax) {
      return invalid(
        rules.path,
        `must not have more than ${rules.propertiesMax} properties`,
        large,
      );
    }
    target[cleanName] = value;
  }
  return target;
}

/** How many containers of each kind a value already lies in. */
interface Depth {
  readonly objects: number;
  readonly lists: number;
}

class Refusal {
  readonly code: ProblemCode;
  readonly reason: string;

  constructor(code: ProblemCode, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

const large: ProblemCode = 'too_large';
const badText = 'string should be valid utf8';

function cleanValue(value: unknown, rules: TextRules, depth: Depth): PropertyValue | Refusal {
  if (typeof value === 'string') return cleanText(value, rules) ?? new Refusal('invalid', badText);
  if (typeof value === 'number') {
    // JSON can write numbers that a 64-bit float cannot hold; they arrive as Infinity.
    return Number.isFinite(value) ? value : new Refusal('invalid', 'number is out of range');
  }
  if (typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return cleanList(value, rules, depth);
  if (typeof value === 'object') return cleanObject(value as JsonObject, rules, depth);
  return new Refusal('invalid', `must be a json value, not ${typeof value}`);
}

/**
 * The depth limit counts objects in objects and lists in lists, each for itself: a list of lines
 * within an order within a cart is three objects deep and stays welcome.
 */
function cleanList(
  list: readonly unknown[],
  rules: TextRules,
  { objects, lists }: Depth,
): PropertyValue | Refusal {
  if (lists >= limits.nestingDepthMax) return tooDeep();
  if (list.length > limits.listItemsMax) {
    return new Refusal(large, `list must not have more than ${limits.listItemsMax} items`);
  }
  const depth = { objects, lists: lists + 1 };
  const target: PropertyValue[] = [];
  for (const item of list) {
    const value = cleanValue(item, rules, depth);
    if (value instanceof Refusal) return value;
    target.push(value);
  }
  return target;
}

function cleanObject(
  source: JsonObject,
  rules: TextRules,
  { objects, lists }: Depth,
): PropertyValue | Refusal {
  if (objects >= limits.nestingDepthMax) return tooDeep();
  const names = Object.keys(source);
  if (names.length > limits.keysPerObjectMax) {
    return new Refusal(large, `object must not have more than ${limits.keysPerObjectMax} keys`);
  }
  const depth = { objects: objects + 1, lists };
  const target: Record<string, PropertyValue> = {};
  for (const name of names) {
    if (name === '__proto__') continue;
    const cleanName = cleanText(name, rules);
    if (cleanName === null) return new Refusal('invalid', badText);
    const value = cleanValue(source[name], rules, depth);
    if (value instanceof Refusal) return value;
    target[cleanName] = value;
  }
  return target;
}

function tooDeep(): Refusal {
  return new Refusal(large, `must not be nested deeper than ${limits.nestingDepthMax} levels`);
}
