import type { BindKind, Node } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { bindUsages, functionNames, functionShape, type FunctionShape } from './functions.ts';
import { quoted } from './lexer.ts';
import { levels, propertySource, reservedWords } from './words.ts';
import type { NameToken, ParseState } from './parse-state.ts';
import { spanOf } from './token-cursor.ts';

/** `name(argument, …)`. The current token is the name, and a parenthesis follows. */
export function parseCall(state: ParseState, token: NameToken): Node {
  const { cursor, dialect } = state;
  const name = token.text.toLowerCase();
  const shape = functionShape(name, dialect);
  if (shape === undefined) {
    const expected = `one of the functions ${functionNames(dialect).join(', ')}`;
    throw new ExpressionError('unknown-function', spanOf(token), quoted(token.text), expected);
  }
  cursor.take();
  cursor.take();
  const args: Node[] = [];
  if (!cursor.isSymbol(')')) {
    do args.push(cursor.nested(() => parseArgument(state, shape, args.length)));
    while (cursor.takeSymbol(','));
  }
  cursor.expectSymbol(')', `or "," in ${shape.usage}`);
  const node = { type: 'call' as const, name, args, start: token.start, end: cursor.lastEnd };
  if (args.length < shape.argumentsMin || args.length > shape.argumentsMax || isOdd(name, args)) {
    const found = `${args.length} argument${args.length === 1 ? '' : 's'}`;
    throw new ExpressionError('argument-count', spanOf(node), found, shape.usage);
  }
  return node;
}

/** Conditions and values of `ifs` come in pairs. */
const isOdd = (name: string, args: readonly Node[]): boolean =>
  name === 'ifs' && args.length % 2 === 1;

function parseArgument(state: ParseState, shape: FunctionShape, index: number): Node {
  if (shape.choice?.argument === index) return parseChoice(state, shape.choice.words);
  const node = state.parseExpression(levels.or);
  if (shape.pattern === index && !(node.type === 'literal' && typeof node.value === 'string')) {
    const expected = 'a pattern in quotes, which cannot be computed';
    throw new ExpressionError('bad-argument', spanOf(node), 'an expression', expected);
  }
  return node;
}

/** One of a few words, with quotes or without. Without, it wins over a value of that name. */
function parseChoice({ cursor }: ParseState, words: readonly string[]): Node {
  const { token } = cursor;
  const given =
    token.type === 'text' ? token.value : token.type === 'name' ? token.text : undefined;
  const value = words.find((word) => word.toLowerCase() === given?.toLowerCase());
  if (value === undefined) {
    throw cursor.unexpected(words.map((word) => `"${word}"`).join(' or '));
  }
  cursor.take();
  return { type: 'literal', value, ...spanOf(token) };
}

/** `let(name, value, expression)` and the loops over lists. */
export function parseBind(state: ParseState, token: NameToken, kind: BindKind): Node {
  const { cursor, boundNames } = state;
  const usage = bindUsages[kind];
  cursor.take();
  cursor.take();
  const name = parseNewName(state, usage);
  cursor.expectSymbol(',', `in ${usage}`);
  const value = cursor.nested(() => state.parseExpression(levels.or));
  cursor.expectSymbol(',', `in ${usage}`);
  boundNames.push(name);
  const body = cursor.nested(() => state.parseExpression(levels.or));
  boundNames.pop();
  cursor.expectSymbol(')', `to close ${usage}`);
  return { type: 'bind', kind, name, value, body, start: token.start, end: cursor.lastEnd };
}

function parseNewName({ cursor, dialect }: ParseState, usage: string): string {
  const { token } = cursor;
  const word = token.type === 'name' ? token.text.toLowerCase() : undefined;
  const isFree = word !== undefined && !reservedWords.has(word);
  if (token.type !== 'name' || !isFree || propertySource(word, dialect) !== undefined) {
    throw cursor.unexpected(`a new name in ${usage}`);
  }
  cursor.take();
  return token.text;
}
