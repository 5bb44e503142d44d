import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';
import type { Span } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { quoted } from './lexer.ts';
import { expressionLimits } from './limits.ts';
import type { WorkBudget } from './work-budget.ts';

/** A regular expression that takes time in proportion to the text, whatever the pattern. */
export interface Pattern {
  matches(text: string): boolean;
  /** The first match, or of it the group of that number; undefined without a match or a group. */
  extract(text: string, group: number): string | undefined;
  /** Every match replaced: `$1` and `${name}` stand for groups, `$0` for the match, `$$` for a dollar. */
  replace(text: string, replacement: string): string;
}

const allowed =
  'a pattern of RE2: without lookahead, backreferences, atomic groups and possessive quantifiers';

/**
 * Compiles a pattern; case is ignored until `(?-i)` (`reports.md` 14.3). Throws ExpressionError, which names a
 * construct that is refused: what has no linear time, and repetitions beyond a thousand.
 */
export function compilePattern(source: string, span: Span, budget: WorkBudget): Pattern {
  const { patternCharactersMax, patternInstructionsMax } = expressionLimits;
  if (source.length > patternCharactersMax) {
    const found = `a pattern of ${source.length} characters`;
    throw new ExpressionError('bad-pattern', span, found, `at most ${patternCharactersMax}`);
  }
  const compiled = compile(source, span);
  const instructions = compiled.programSize();
  if (instructions > patternInstructionsMax) {
    const found = `a pattern of ${instructions} steps when its repetitions are written out`;
    throw new ExpressionError('bad-pattern', span, found, `at most ${patternInstructionsMax}`);
  }
  return {
    matches: (text) => {
      budget.spendMatch(text.length, instructions);
      return compiled.test(text);
    },
    extract: (text, group) => {
      budget.spendMatch(text.length, instructions);
      return extract(compiled, text, group);
    },
    replace: (text, replacement) => replace(compiled, text, { replacement, budget }),
  };
}

function compile(source: string, span: Span): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.CASE_INSENSITIVE | RE2JS.LOOKBEHINDS);
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw new ExpressionError('bad-pattern', span, reasonOf(cause), allowed, { cause });
  }
}

function reasonOf(error: RE2JSException): string {
  if (!(error instanceof RE2JSSyntaxException)) return error.message;
  // The library writes the flag for case in front of the pattern it was given.
  const construct = error.getPattern()?.replace(/^\(\?i\)/, '') ?? '';
  const reason = error.getDescription();
  return construct === '' ? reason : `${quoted(construct)} (${reason})`;
}

function extract(compiled: RE2JS, text: string, group: number): string | undefined {
  if (!Number.isInteger(group) || group < 0 || group > compiled.groupCount()) return undefined;
  const matcher = compiled.matcher(text);
  return matcher.find() ? (matcher.group(group) ?? undefined) : undefined;
}

function replace(
  compiled: RE2JS,
  text: string,
  { replacement, budget }: { readonly replacement: string; readonly budget: WorkBudget },
): string {
  const matcher = compiled.matcher(text);
  const names = compiled.namedGroups();
  const instructions = compiled.programSize();
  const groupText = (name: string): string => {
    const group = /^\d+$/.test(name) ? Number(name) : names[name];
    if (group === undefined || group > compiled.groupCount()) return '';
    return matcher.group(group) ?? '';
  };
  const parts: string[] = [];
  let [characters, copiedTo] = [0, 0];
  const add = (piece: string): void => {
    characters += piece.length;
    budget.spendText(piece.length);
    budget.allowText(characters);
    parts.push(piece);
  };
  // Each search may read to the end of the text, and there is one for each match.
  const find = (): boolean => {
    budget.spendMatch(text.length - copiedTo, instructions);
    return matcher.find();
  };
  while (find()) {
    add(text.slice(copiedTo, matcher.start()));
    add(
      replacement.replace(reference, (_, dollar, braced, plain) =>
        dollar === undefined ? groupText(String(braced ?? plain)) : '$',
      ),
    );
    copiedTo = matcher.end();
  }
  add(text.slice(copiedTo));
  return parts.join('');
}

/** `$$`, `${name}`, `$1`; any other dollar is one. */
const reference = /\$(?:(\$)|\{(\w+)\}|(\d{1,2}))/g;
