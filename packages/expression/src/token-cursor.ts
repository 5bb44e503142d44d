import type { Span } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { describeToken, tokensOf, type Token } from './lexer.ts';
import { expressionLimits } from './limits.ts';

/** Where a parser stands in a text. */
export class TokenCursor {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #index = 0;
  #nesting = 0;

  private constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  /** Throws ExpressionError where the text is too long or has no tokens. */
  static over(text: string): TokenCursor {
    const { charactersMax } = expressionLimits;
    if (text.length > charactersMax) {
      const span = { start: charactersMax, end: text.length };
      const found = `${text.length} characters`;
      throw new ExpressionError('too-long', span, found, `at most ${charactersMax}`);
    }
    return new TokenCursor(text, tokensOf(text));
  }

  get token(): Token {
    // The index never passes the last token, of type `end`.
    return this.#tokens[this.#index] as Token;
  }

  get following(): Token | undefined {
    return this.#tokens[this.#index + 1];
  }

  /** The end of the token before the current one. */
  get lastEnd(): number {
    return this.#tokens[this.#index - 1]?.end ?? 0;
  }

  /** Takes the current token; the last one, the end of the text, is never passed. */
  take(): Token {
    const taken = this.token;
    if (taken.type !== 'end') this.#index += 1;
    return taken;
  }

  isSymbol(text: string): boolean {
    const { token } = this;
    return token.type === 'symbol' && token.text === text;
  }

  takeSymbol(text: string): boolean {
    const taken = this.isSymbol(text);
    if (taken) this.take();
    return taken;
  }

  expectSymbol(text: string, why: string): void {
    if (!this.takeSymbol(text)) throw this.unexpected(`"${text}" ${why}`);
  }

  /** Runs a part that lies one level deeper. */
  nested<Result>(parse: () => Result): Result {
    const { nestingMax } = expressionLimits;
    this.#nesting += 1;
    if (this.#nesting > nestingMax) {
      const found = `${this.#nesting} levels of nesting`;
      throw new ExpressionError('too-deep', this.token, found, `at most ${nestingMax}`);
    }
    const result = parse();
    this.#nesting -= 1;
    return result;
  }

  unexpected(expected: string, token: Token = this.token): ExpressionError {
    const found = describeToken(token, this.#text);
    return new ExpressionError('unexpected-token', spanOf(token), found, expected);
  }
}

export const spanOf = ({ start, end }: Span): Span => ({ start, end });
