/** Bounds of one expression. What is beyond is refused with a typed error, never cut. */
export const expressionLimits = {
  /** UTF-16 units of the text (`reports.md` 14.3). */
  charactersMax: 20_000,
  /** Parentheses, calls, lists, indexes, `not` and `-` inside one another: keeps recursion far from the stack's end. */
  nestingMax: 100,
  /** UTF-16 units of a regular expression. */
  patternCharactersMax: 1_000,
  /**
   * Instructions of a compiled regular expression. Matching costs at most this times the length of the text; at
   * 2000 and 255 characters (the longest property) the worst case measured is about a millisecond.
   */
  patternInstructionsMax: 2_000,
  /** UTF-16 units of a text that an expression makes: 256 times the longest property. */
  textCharactersMax: 65_536,
  /**
   * Steps of one evaluation: nodes evaluated in bodies of loops, items compared, parts split, 64 characters of text.
   * About a fifth of a second. Two loops within one another over the longest list (255 items) have room for bodies of
   * 150 nodes; a third level does not fit.
   */
  stepsMax: 10_000_000,
} as const;
