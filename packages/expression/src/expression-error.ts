import type { Span } from './ast.ts';

export type ExpressionErrorCode =
  | 'too-long'
  | 'too-deep'
  | 'unexpected-character'
  | 'unclosed-text'
  | 'bad-number'
  | 'unexpected-token'
  | 'unknown-name'
  | 'unknown-function'
  | 'argument-count'
  | 'bad-argument'
  | 'bad-pattern'
  /** While evaluating: `and` or `or` of the API met a value that is not a boolean (`query-api.md` 19.2: 400). */
  | 'not-boolean'
  /** While evaluating: loops or texts grew beyond `limits.ts`. */
  | 'too-much-work';

/** What is wrong with an expression, and where: an editor underlines `start` to `end`. Never retry. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly code: ExpressionErrorCode;
  /** In UTF-16 units of the text that was parsed. */
  readonly start: number;
  /** Exclusive; equal to `start` at the end of the text. */
  readonly end: number;
  /** What stands there. */
  readonly found: string;
  /** What would be right. */
  readonly expected: string;

  constructor(
    code: ExpressionErrorCode,
    { start, end }: Span,
    found: string,
    expected: string,
    options?: ErrorOptions,
  ) {
    super(`character ${start + 1}: found ${found}, expected ${expected}`, options);
    this.code = code;
    this.start = start;
    this.end = end;
    this.found = found;
    this.expected = expected;
  }
}
