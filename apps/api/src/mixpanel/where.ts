import type { Node } from '@arbor/expression/ast';
import { parseApiExpression, parseSegmentation } from '@arbor/expression/expression';
import { ExpressionError } from '@arbor/expression/expression-error';
import { printNode } from '@arbor/expression/print';
import { resultType } from '@arbor/expression/result-type';
import type { Filter, PropertyRef } from '@arbor/schema/query';
import { ApiError } from '../errors.ts';
import type { Parameters } from './parameters.ts';

/** What `properties[…]` reads: the event's, or in a query of profiles the profile's (`query-api.md` 19.1). */
export type ExpressionScope = 'event' | 'person';

/**
 * The tree of an expression; undefined where the parameter is missing. Throws INVALID_REQUEST with the place of the
 * mistake: `where: character 20: found "=", expected "==" to compare`.
 */
export function readExpression(parameters: Parameters, name: string): Node | undefined {
  const text = parameters.text(name);
  return text === undefined ? undefined : parseExpression(text, name);
}

/** The same of a text that is no parameter of its own, called `name` in errors. */
export function parseExpression(text: string, name: string): Node {
  return positioned(name, () => parseApiExpression(text).root);
}

/** Reads `on`: an expression, or a bare name of a property (19.1). Undefined where it is missing. */
export function readSegmentation(parameters: Parameters, name: string): PropertyRef | undefined {
  const text = parameters.text(name);
  if (text === undefined) return undefined;
  return propertyOf(
    positioned(name, () => parseSegmentation(text).root),
    { name, scope: 'event' },
  );
}

/** The filters of `where`, `born_where` or a selector: none where it is missing. */
export function readWhere(
  parameters: Parameters,
  name: string,
  scope: ExpressionScope = 'event',
): Filter[] {
  const root = readExpression(parameters, name);
  return root === undefined ? [] : filtersOf(root, { name, scope });
}

/**
 * Filters that pass exactly what the expression passes. Conditions that are joined by `and` are filters of their own,
 * by `or` alternatives: but only where each is a boolean, because a missing value is false there, and anything else
 * is an error (19.2) that must be told.
 */
export function filtersOf(
  root: Node,
  named: { readonly name: string; readonly scope: ExpressionScope },
): Filter[] {
  const { type } = root;
  if ((type === 'and' || type === 'or') && root.operands.every(isBoolean)) {
    const parts = root.operands.map((operand) => filtersOf(operand, named));
    if (type === 'and') return parts.flat();
    const any = parts.map((filters): Filter => {
      const [only] = filters;
      return filters.length === 1 && only !== undefined ? only : { type: 'all', filters };
    });
    return [{ type: 'any', filters: any }];
  }
  // What is no boolean counts as `boolean()` reads it, which is what the cast does.
  const property: PropertyRef = { ...computed(root, named), cast: 'boolean' };
  return [{ type: 'property', property, operator: 'is_true', values: [] }];
}

/** A property as an expression names it: a stored one where it is nothing else. */
export function propertyOf(
  root: Node,
  named: { readonly name: string; readonly scope: ExpressionScope },
): PropertyRef {
  if (root.type !== 'property') return computed(root, named);
  const { source, name } = root;
  if (source === 'user') return { scope: 'person', name };
  return source === 'properties' ? { scope: named.scope, name } : computed(root, named);
}

function computed(
  root: Node,
  { name, scope }: { readonly name: string; readonly scope: ExpressionScope },
): PropertyRef {
  const expression = printNode(root);
  return { scope, name, computed: { type: 'formula', expression, dialect: 'api' } };
}

const isBoolean = (root: Node): boolean => resultType({ dialect: 'api', root }) === 'boolean';

function positioned<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof ExpressionError)) throw cause;
    throw new ApiError('INVALID_REQUEST', `${name}: ${cause.message}`, { cause });
  }
}
