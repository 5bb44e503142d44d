import type { Literal, Node, PropertySource, Span } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { bindKind } from './functions.ts';
import { quoted } from './lexer.ts';
import { levels, propertySource, reservedWords } from './words.ts';
import { parseBind, parseCall } from './parse-call.ts';
import type { NameToken, ParseState } from './parse-state.ts';
import { spanOf } from './token-cursor.ts';

const literalWords: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', undefined],
]);

/** A value with the keys in brackets behind it. */
export function parsePrimary(state: ParseState): Node {
  const { cursor } = state;
  const object = parseAtom(state);
  if (state.dialect === 'report' || !cursor.isSymbol('[')) return object;
  const keys: Node[] = [];
  while (cursor.takeSymbol('[')) {
    keys.push(cursor.nested(() => state.parseExpression(levels.or)));
    cursor.expectSymbol(']', 'after the key');
  }
  return { type: 'index', object, keys, start: object.start, end: cursor.lastEnd };
}

function parseAtom(state: ParseState): Node {
  const { cursor } = state;
  const { token } = cursor;
  if (token.type === 'number' || (token.type === 'text' && state.dialect !== 'report')) {
    cursor.take();
    return { type: 'literal', value: token.value, ...spanOf(token) };
  }
  if (cursor.takeSymbol('(')) {
    const inside = cursor.nested(() => state.parseExpression(levels.or));
    cursor.expectSymbol(')', 'to close the parenthesis');
    return inside;
  }
  if (cursor.isSymbol('[') && state.dialect !== 'report') return parseList(state);
  if (token.type === 'name') return parseName(state, token);
  throw cursor.unexpected(
    state.dialect === 'report' ? 'a letter, a number or "("' : 'a value, a property or "("',
  );
}

function parseList(state: ParseState): Node {
  const { cursor } = state;
  const { start } = cursor.take();
  const items: Node[] = [];
  if (!cursor.isSymbol(']')) {
    do items.push(cursor.nested(() => state.parseExpression(levels.or)));
    while (cursor.takeSymbol(','));
  }
  cursor.expectSymbol(']', 'or "," in the list');
  return { type: 'list', items, start, end: cursor.lastEnd };
}

function parseName(state: ParseState, token: NameToken): Node {
  const { cursor, dialect } = state;
  const word = token.text.toLowerCase();
  const next = cursor.following;
  const isFollowedBy = (symbol: string) => next?.type === 'symbol' && next.text === symbol;
  if (isFollowedBy('(') && !reservedWords.has(word)) {
    const kind = dialect === 'formula' ? bindKind(word) : undefined;
    return kind === undefined ? parseCall(state, token) : parseBind(state, token, kind);
  }
  cursor.take();
  if (literalWords.has(word) && dialect !== 'report') {
    return { type: 'literal', value: literalWords.get(word), ...spanOf(token) };
  }
  if (reservedWords.has(word)) {
    throw cursor.unexpected('a value', token);
  }
  if (state.boundNames.includes(token.text)) {
    return { type: 'name', name: token.text, ...spanOf(token) };
  }
  const source = propertySource(word, dialect);
  if (source !== undefined && isFollowedBy('[')) return parseProperty(state, source, token);
  const resolved = state.resolve(token);
  if (resolved !== undefined) return resolved;
  throw new ExpressionError('unknown-name', spanOf(token), quoted(token.text), state.expectedName);
}

/** `properties["name"]`: the name is written out, so that what an expression reads is known before it runs. */
function parseProperty(state: ParseState, source: PropertySource, { start }: Span): Node {
  const { cursor } = state;
  cursor.take();
  const { token } = cursor;
  if (token.type !== 'text') throw cursor.unexpected('the name of a property in quotes');
  cursor.take();
  cursor.expectSymbol(']', 'after the name');
  return { type: 'property', source, name: token.value, start, end: cursor.lastEnd };
}
