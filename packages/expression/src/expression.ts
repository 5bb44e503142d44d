import type { Node, PropertyReference } from './ast.ts';
import { parseText } from './parse.ts';
import { spanOf } from './token-cursor.ts';

/** An expression over the properties of one event or profile. */
export interface Expression {
  readonly dialect: 'formula' | 'api';
  readonly root: Node;
}

/**
 * Parses the formula of a custom property (`reports.md` 14.3).
 *
 * Properties are written `properties["name"]` (of the event) and `user["name"]` (of the profile). `inputs` gives
 * further names, such as the letters A, B … of saved formulas (`query-api.md` 13.3, `composedProperties`).
 * Throws ExpressionError.
 */
export function parseFormula(
  text: string,
  inputs: Readonly<Record<string, PropertyReference>> = {},
): Expression {
  const root = parseText(text, {
    dialect: 'formula',
    resolve: (token) => {
      const input = Object.hasOwn(inputs, token.text) ? inputs[token.text] : undefined;
      if (input === undefined) return undefined;
      return { type: 'property', source: input.source, name: input.name, ...spanOf(token) };
    },
    expectedName: 'a property such as properties["price"] or user["plan"], or a name of let',
  });
  return { dialect: 'formula', root };
}

/** Parses `where`, `born_where` or a selector of the query API (`query-api.md` 19). Throws ExpressionError. */
export function parseApiExpression(text: string): Expression {
  const root = parseText(text, {
    dialect: 'api',
    resolve: () => undefined,
    expectedName: 'a property such as properties["price"], or a text in quotes',
  });
  return { dialect: 'api', root };
}

/** Parses the formula of a computed property, in whichever dialect it is written. Throws ExpressionError. */
export function parseComputed(text: string, dialect: 'api' | undefined): Expression {
  return dialect === 'api' ? parseApiExpression(text) : parseFormula(text);
}

/** Parses `on`: an expression, or the bare name of a property when it has no brackets (19.1). Throws ExpressionError. */
export function parseSegmentation(text: string): Expression {
  if (text.includes('[') || text === '') return parseApiExpression(text);
  const span = { start: 0, end: text.length };
  return { dialect: 'api', root: { type: 'property', source: 'properties', name: text, ...span } };
}
