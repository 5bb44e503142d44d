import type { Node, PropertyReference } from '@arbor/expression/ast';
import { childrenOf } from '@arbor/expression/ast';
import { compileExpression } from '@arbor/expression/compile-expression';
import { parseApiExpression } from '@arbor/expression/expression';
import { ExpressionError } from '@arbor/expression/expression-error';
import { referencedProperties } from '@arbor/expression/referenced-properties';
import { resultType } from '@arbor/expression/result-type';
import { passes } from '@arbor/expression/row-result';
import type { Value } from '@arbor/expression/value';
import type { PropertyFilter } from '@arbor/schema/query';

/** A condition on one stored property: whether its value satisfies an expression that reads nothing else. */
export interface ValueTest {
  readonly property: { readonly scope: 'event' | 'person'; readonly name: string };
  readonly expression: string;
}

/**
 * What a condition of Mixpanel's Query API is, where it looks at one property alone: then it is judged once a distinct
 * value, as other filters are, instead of row by row. Null where that might say something else:
 * - a filter takes a stored null for a missing value, so the expression must not tell them apart;
 * - beside `and` and `or` what is no boolean is an error where a row has it, and none where a value is in a dictionary
 *   alone, so each of their operands must be a boolean for certain.
 */
export function valueTest({ property, operator }: PropertyFilter): ValueTest | null {
  const { scope, computed, cast, path } = property;
  if (operator !== 'is_true' || cast !== 'boolean' || path !== undefined) return null;
  if (computed?.type !== 'formula' || computed.dialect !== 'api') return null;
  const { expression } = computed;
  try {
    const { dialect, root } = parseApiExpression(expression);
    const [reference, ...others] = referencedProperties(root);
    if (reference === undefined || others.length > 0 || !isCertain(root)) return null;
    const own = ownerOf(reference, scope);
    if (own === null) return null;
    const { evaluate } = compileExpression({ dialect, root }, { nowMs: 0, timezone: 'UTC' });
    const verdict = (value: Value): boolean => passes(evaluate(() => value));
    if (verdict(undefined) !== verdict(null)) return null;
    return { property: { scope: own, name: reference.name }, expression };
  } catch (error) {
    // Whoever plans it as a formula says what is wrong with it.
    if (error instanceof ExpressionError) return null;
    throw error;
  }
}

/** The same test over values: null is a missing one. */
export function compileValueTest(expression: string): (value: Value) => boolean {
  const { evaluate } = compileExpression(parseApiExpression(expression), {
    nowMs: 0,
    timezone: 'UTC',
  });
  return (value) => passes(evaluate(() => value ?? undefined));
}

function ownerOf(
  { source }: PropertyReference,
  scope: PropertyFilter['property']['scope'],
): 'event' | 'person' | null {
  if (scope !== 'event' && scope !== 'person') return null;
  if (source === 'user') return 'person';
  return source === 'properties' ? scope : null;
}

function isCertain(node: Node): boolean {
  const isJoined = node.type === 'and' || node.type === 'or';
  const isBoolean = (root: Node): boolean => resultType({ dialect: 'api', root }) === 'boolean';
  if (isJoined && !node.operands.every(isBoolean)) return false;
  return childrenOf(node).every(isCertain);
}
