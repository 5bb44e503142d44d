import type { CallNode } from './ast.ts';
import type { Compilation } from './compilation.ts';
import { constantText, type EagerFunction } from './eager-function.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** Regular expressions (`reports.md` 14.3). What is no text is undefined. */
export const patternFunctions = {
  regex_match: (compilation, call) => {
    const pattern = patternOf(compilation, call);
    return (text) => (typeof text === 'string' ? pattern.matches(text) : undefined);
  },
  regex_extract: (compilation, call) => {
    const pattern = patternOf(compilation, call);
    if (call.args.length < 3) {
      return (text) => (typeof text === 'string' ? pattern.extract(text, 0) : undefined);
    }
    return (text, _, group) =>
      typeof text === 'string' && typeof group === 'number'
        ? pattern.extract(text, group)
        : undefined;
  },
  regex_replace: (compilation, call) => {
    const pattern = patternOf(compilation, call);
    return (text, _, replacement) =>
      typeof text === 'string' && typeof replacement === 'string'
        ? pattern.replace(text, replacement)
        : undefined;
  },
} satisfies Readonly<Record<string, EagerFunction>>;

function patternOf({ budget }: Compilation, call: CallNode): Pattern {
  return compilePattern(constantText(call, 1), call.args[1] ?? call, budget);
}
