import type { ArithmeticOperator, Node } from './ast.ts';
import { levels, symbolInfixes, wordInfixes, type Infix } from './words.ts';
import { parsePrimary } from './parse-primary.ts';
import type { NameRules, ParseState } from './parse-state.ts';
import { TokenCursor } from './token-cursor.ts';

/** Parses a whole text. Throws ExpressionError; nothing else, whatever the text. */
export function parseText(text: string, rules: NameRules): Node {
  const cursor = TokenCursor.over(text);
  const state: ParseState = {
    ...rules,
    // A method would lose its object in the spread.
    resolve: (token) => rules.resolve(token),
    cursor,
    boundNames: [],
    parseExpression: (level) => parseExpression(state, level),
  };
  const root = parseExpression(state, levels.or);
  if (cursor.token.type !== 'end') throw cursor.unexpected('an operator or the end');
  return root;
}

/** An expression of operators that bind at least as tightly as `level` (Pratt's method). */
function parseExpression(state: ParseState, level: number): Node {
  let left = parsePrefix(state, level);
  for (;;) {
    const infix = infixOf(state);
    if (infix === undefined || levels[infix.type] < level) return left;
    left = parseInfix(state, left, infix);
  }
}

function parsePrefix(state: ParseState, level: number): Node {
  const { cursor } = state;
  const { token } = cursor;
  if (cursor.takeSymbol('-')) {
    const operand = cursor.nested(() => state.parseExpression(levels.negate));
    return { type: 'negate', operand, start: token.start, end: cursor.lastEnd };
  }
  if (token.type === 'name' && token.text.toLowerCase() === 'not') {
    if (level > levels.not) throw cursor.unexpected('parentheses around "not …" here');
    cursor.take();
    const operand = cursor.nested(() => state.parseExpression(levels.not));
    return { type: 'not', operand, start: token.start, end: cursor.lastEnd };
  }
  return parsePrimary(state);
}

function infixOf({ cursor: { token }, dialect }: ParseState): Infix | undefined {
  if (token.type === 'name') {
    const word = token.text.toLowerCase();
    return dialect === 'report' && word === 'in' ? undefined : wordInfixes.get(word);
  }
  if (token.type !== 'symbol') return undefined;
  // A report has powers but no remainders, whose sign reads like "percent" (UX-M3); the other dialects the reverse.
  if (token.text === (dialect === 'report' ? '%' : '^')) return undefined;
  return symbolInfixes.get(token.text);
}

function parseInfix(state: ParseState, left: Node, infix: Infix): Node {
  switch (infix.type) {
    case 'or':
    case 'and':
      return parseLogic(state, left, infix.type);
    case 'compare':
      return parseComparison(state, left, infix);
    case 'sum':
    case 'product':
      return parseArithmetic(state, left, infix.type);
    case 'power': {
      const { cursor } = state;
      cursor.take();
      // Right to left, as on paper, and with a sign: 2 ^ -A ^ 2.
      const exponent = cursor.nested(() => state.parseExpression(levels.negate));
      return { type: 'power', base: left, exponent, start: left.start, end: cursor.lastEnd };
    }
  }
}

function parseLogic(state: ParseState, first: Node, type: 'or' | 'and'): Node {
  const { cursor } = state;
  const operands = [first];
  while (infixOf(state)?.type === type) {
    cursor.take();
    operands.push(state.parseExpression(levels[type] + 1));
  }
  return { type, operands, start: first.start, end: cursor.lastEnd };
}

function parseComparison(
  state: ParseState,
  left: Node,
  { operator }: Extract<Infix, { type: 'compare' }>,
): Node {
  const { cursor } = state;
  cursor.take();
  const right = state.parseExpression(levels.sum);
  if (infixOf(state)?.type === 'compare') {
    throw cursor.unexpected('parentheses, because comparisons do not chain');
  }
  return { type: 'compare', operator, left, right, start: left.start, end: cursor.lastEnd };
}

function parseArithmetic(state: ParseState, first: Node, type: 'sum' | 'product'): Node {
  const { cursor } = state;
  const rest: { operator: ArithmeticOperator; operand: Node }[] = [];
  for (let infix = infixOf(state); infix?.type === type; infix = infixOf(state)) {
    cursor.take();
    rest.push({ operator: infix.operator, operand: state.parseExpression(levels[type] + 1) });
  }
  return { type, first, rest, start: first.start, end: cursor.lastEnd };
}
