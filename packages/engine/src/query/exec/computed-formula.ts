import type { PropertyReference } from '@arbor/expression/ast';
import { compileExpression } from '@arbor/expression/compile-expression';
import { parseComputed } from '@arbor/expression/expression';
import { ExpressionError } from '@arbor/expression/expression-error';
import type { Value } from '@arbor/expression/value';
import type { PropertyValue } from '@arbor/schema/property-value';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { ComputedPlan } from '../plan/plan-types.ts';
import type { Frame } from './frame.ts';
import type { RowContext } from './row-context.ts';
import type { PropertyColumn, ShardView } from './shard-view.ts';
import { ValueCodes } from './value-codes.ts';

export interface FormulaProperty {
  readonly name: string;
  readonly scope: 'event' | 'person';
  readonly computed: Extract<ComputedPlan, { type: 'formula' }>;
}

/** What a formula reads: a code for each thing, and the value of a code. */
interface Input {
  readonly codes: Uint32Array;
  readonly values: readonly Value[];
}

/**
 * The results of a formula (14.3), one for each row or, of scope person, for each user. Things with the same
 * inputs have the same result: it is evaluated once for every combination of values that occurs.
 */
export function formulaColumn(
  { name, scope, computed }: FormulaProperty,
  context: RowContext,
): PropertyColumn {
  const { nowMs, zone } = context.plan;
  const frame = scope === 'event' ? context.frame : context.users;
  const formula = parseComputed(computed.expression, computed.dialect);
  const { references, evaluate } = compileExpression(formula, { nowMs, timezone: zone.timezone });
  const inputs = references.map((reference) =>
    readInput(reference, { name, scope, computed }, frame, context.view),
  );
  const { ids, idCount } = combinations(inputs, frame.count);
  const results = new ValueCodes();
  // By combination: the code of its result and one more, 0 = not evaluated yet.
  const known = new Uint32Array(idCount);
  const codes = new Uint32Array(frame.count);
  let thing = 0;
  const read = (_: PropertyReference, slot: number): Value => {
    const input = inputs[slot];
    const code = input === undefined ? 0 : input.codes[thing];
    return code === 0 ? undefined : input?.values[code];
  };
  for (; thing < codes.length; thing++) {
    const id = ids[thing];
    if (known[id] === 0) known[id] = results.codeOf(evaluated(name, () => evaluate(read))) + 1;
    codes[thing] = known[id] - 1;
  }
  return { codes, values: results.values };
}

/** Undefined = nothing here has it. `properties` of a formula on persons are those of the profile (14.3). */
function readInput(
  { source, name }: PropertyReference,
  { scope, computed: { merged = {} } }: FormulaProperty,
  frame: Frame,
  view: ShardView,
): Input | undefined {
  if (source === 'user' || scope === 'person') {
    return source === 'event' ? undefined : frame.column({ scope: 'person', name });
  }
  if (source === 'event') return ownInput(name, view);
  const [first, ...also] = Object.hasOwn(merged, name) ? merged[name] : [name];
  return frame.column({ scope: 'event', name: first, ...(also.length > 0 && { also }) });
}

/** What every event has (`docs/expressions.md`): its time in unix seconds, its user, its name. */
function ownInput(name: string, view: ShardView): Input | undefined {
  const { users, userIds, events, eventNames, times } = view;
  switch (name) {
    case '$time': {
      const seconds = new ValueCodes();
      return {
        codes: Uint32Array.from(times, (time) => seconds.codeOf(time / 1000)),
        values: seconds.values,
      };
    }
    case '$distinct_id':
      return { codes: users, values: userIds };
    case '$event':
      return { codes: events.map((event) => event + 1), values: [null, ...eventNames] };
    default:
      return undefined;
  }
}

/** Numbers the combinations of the inputs' codes: things with the same id have the same inputs. */
function combinations(
  inputs: readonly (Input | undefined)[],
  count: number,
): { readonly ids: Uint32Array; readonly idCount: number } {
  let ids = new Uint32Array(count);
  let idCount = 1;
  for (const input of inputs) {
    if (input === undefined) continue;
    const { codes, values } = input;
    const size = Math.max(values.length, 1);
    const known = new Map<number, number>();
    const next = new Uint32Array(count);
    for (let thing = 0; thing < count; thing++) {
      const pair = ids[thing] * size + codes[thing];
      let id = known.get(pair);
      if (id === undefined) {
        id = known.size;
        known.set(pair, id);
      }
      next[thing] = id;
    }
    ids = next;
    idCount = known.size;
  }
  return { ids, idCount };
}

/** Which work a row takes shows only in its values: too much of it is a mistake of the formula, not of ours. */
function evaluated(name: string, evaluate: () => Value): PropertyValue {
  try {
    return jsonOf(evaluate());
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    throw invalidQuery(`the formula of "${name}" cannot be evaluated: ${cause.message}`, { cause });
  }
}

/** What is missing inside of lists and objects is null there, as in JSON. */
function jsonOf(value: Value): PropertyValue {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? (JSON.parse(JSON.stringify(value)) as PropertyValue) : value;
}
