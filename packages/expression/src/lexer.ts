import type { Span } from './ast.ts';
import { ExpressionError } from './expression-error.ts';

export type Token =
  | (Span & { readonly type: 'number'; readonly value: number })
  | (Span & { readonly type: 'text'; readonly value: string })
  | (Span & { readonly type: 'name'; readonly text: string })
  | (Span & { readonly type: 'symbol'; readonly text: string })
  | (Span & { readonly type: 'end' });

/** Longer ones first. */
const symbols = '== != >= <= > < + - * / % ^ ( ) [ ] ,'.split(' ');

/** Typographic signs as they come from a keyboard for mathematics or from a pasted text. */
const typographic: Readonly<Record<string, string>> = {
  '×': '*',
  '·': '*',
  '÷': '/',
  '−': '-',
  '≠': '!=',
  '≥': '>=',
  '≤': '<=',
};

/** What people write who know another language, and what it is called here. */
const foreign: Readonly<Record<string, string>> = {
  '=': '"==" to compare',
  '!': '"not"',
  '&': '"and"',
  '|': '"or"',
  '“': 'straight quotes around a text',
  '”': 'straight quotes around a text',
  ';': '"," between arguments',
};

const space = /(?:\s+|\/\/[^\n]*)+/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
/** Everything up to the closing quote; a backslash takes the next character with it. */
const doubleQuoted = /"(?:[^"\\]|\\[^])*"/y;
const singleQuoted = /'(?:[^'\\]|\\[^])*'/y;

/** Splits a text into tokens, the last of type `end`. Throws ExpressionError at the first bad character. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let start = endOf(space, text, 0) ?? 0;
  while (start < text.length) {
    const token = tokenAt(text, start);
    tokens.push(token);
    start = endOf(space, text, token.end) ?? token.end;
  }
  tokens.push({ type: 'end', start: text.length, end: text.length });
  return tokens;
}

/** A token as it is named in an error. */
export function describeToken(token: Token, text: string): string {
  if (token.type === 'end') return 'the end';
  const source = text.slice(token.start, token.end);
  return token.type === 'text' ? cut(source) : quoted(source);
}

/** A piece of somebody's text as it stands in an error: long ones are cut. */
export function quoted(text: string): string {
  return `"${cut(text)}"`;
}

const cut = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

function tokenAt(text: string, start: number): Token {
  const first = text.charAt(start);
  if (first === '"' || first === "'") return textAt(text, start, first);
  const numberEnd = endOf(number, text, start);
  if (numberEnd !== undefined) return numberAt(text, start, numberEnd);
  const nameEnd = endOf(name, text, start);
  if (nameEnd !== undefined) {
    return { type: 'name', text: text.slice(start, nameEnd), start, end: nameEnd };
  }
  const alias = typographic[first];
  if (alias !== undefined) return { type: 'symbol', text: alias, start, end: start + 1 };
  const symbol = symbols.find((one) => text.startsWith(one, start));
  if (symbol !== undefined) {
    return { type: 'symbol', text: symbol, start, end: start + symbol.length };
  }
  throw unexpectedCharacter(text, start);
}

function textAt(text: string, start: number, quote: string): Token {
  const end = endOf(quote === '"' ? doubleQuoted : singleQuoted, text, start);
  if (end === undefined) {
    const span = { start, end: text.length };
    throw new ExpressionError('unclosed-text', span, 'a text without an end', `a closing ${quote}`);
  }
  // Only quotes and backslashes are escaped; any other pair stays as it is, so that patterns read well.
  const value = text.slice(start + 1, end - 1).replace(/\\(["'\\])/g, '$1');
  return { type: 'text', value, start, end };
}

function numberAt(text: string, start: number, end: number): Token {
  const value = Number(text.slice(start, end));
  const glued = endOf(name, text, end);
  if (!Number.isFinite(value) || glued !== undefined) {
    const span = { start, end: glued ?? end };
    const found = quoted(text.slice(start, span.end));
    throw new ExpressionError('bad-number', span, found, 'a number such as 12.5 or 1e6');
  }
  return { type: 'number', value, start, end };
}

function unexpectedCharacter(text: string, start: number): ExpressionError {
  const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
  const span = { start, end: start + character.length };
  const expected = foreign[character] ?? 'a value or an operator';
  return new ExpressionError('unexpected-character', span, quoted(character), expected);
}

/** Where a sticky pattern that begins at `start` ends. */
function endOf(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
