import type { Span } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { expressionLimits } from './limits.ts';

/**
 * Bounds one evaluation. Nothing in the language runs for ever, but loops within loops and texts that double would
 * run for longer than anybody waits.
 */
export class WorkBudget {
  readonly #span: Span;
  #stepsLeft = 0;

  /** `span`: the whole expression, where an error points. */
  constructor(span: Span) {
    this.#span = span;
  }

  /** Called before each evaluation. */
  refill(): void {
    this.#stepsLeft = expressionLimits.stepsMax;
  }

  /** Throws ExpressionError when the evaluation has taken more than `stepsMax` steps. */
  spend(steps: number): void {
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) {
      throw this.#tooMuch(`more than ${expressionLimits.stepsMax} steps for one value`);
    }
  }

  /** The cost of going through a text: a step for each 64 characters. */
  spendText(characters: number): void {
    this.spend(1 + (characters >>> 6));
  }

  /** The cost of matching a pattern: a step for each 16 characters at each instruction. */
  spendMatch(characters: number, instructions: number): void {
    this.spend(1 + Math.ceil((characters * instructions) / 16));
  }

  /** Checks a text before it is made. Throws ExpressionError when it would be too long. */
  allowText(characters: number): void {
    if (characters > expressionLimits.textCharactersMax) {
      throw this.#tooMuch(`a text of ${characters} characters`);
    }
  }

  #tooMuch(found: string): ExpressionError {
    const { stepsMax, textCharactersMax } = expressionLimits;
    const expected = `at most ${stepsMax} steps and ${textCharactersMax} characters a text`;
    return new ExpressionError('too-much-work', this.#span, found, expected);
  }
}
