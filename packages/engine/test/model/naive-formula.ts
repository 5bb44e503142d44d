type Value = number | null;
type Division = 'empty' | 'zero';

interface NaiveFormula {
  readonly letters: readonly number[];
  evaluate(values: readonly Value[], division: Division): Value;
}

/** A gap on either side is a gap; and what no number can hold. */
const both =
  (calculate: (left: number, right: number) => number) =>
  (left: Value, right: Value): Value => {
    if (left === null || right === null) return null;
    const value = calculate(left, right);
    return Number.isFinite(value) ? value : null;
  };
const add = both((left, right) => left + right);
const subtract = both((left, right) => left - right);
const multiply = both((left, right) => left * right);
const divide = (left: Value, right: Value, division: Division): Value => {
  if (right !== 0) return both((one, other) => one / other)(left, right);
  return left === null || division === 'empty' ? null : 0;
};

/** The formulas that random questions ask for, worked out by hand. */
const formulas: Readonly<Record<string, NaiveFormula>> = {
  A: { letters: [0], evaluate: ([a]) => a },
  'A / B': { letters: [0, 1], evaluate: ([a, b], division) => divide(a, b, division) },
  'A + B': { letters: [0, 1], evaluate: ([a, b]) => add(a, b) },
  '(A - B) / A * 100': {
    letters: [0, 1],
    evaluate: ([a, b], division) => multiply(divide(subtract(a, b), a, division), 100),
  },
  '2 * B - 1': { letters: [1], evaluate: ([, b]) => subtract(multiply(2, b), 1) },
};

export const formulaTexts = Object.keys(formulas);

export function naiveFormula(text: string): NaiveFormula {
  const formula = formulas[text];
  if (formula === undefined) throw new Error(`the model does not know the formula ${text}`);
  return formula;
}
