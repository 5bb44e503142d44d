import { z } from 'zod';

/** Arithmetic over the metrics of the report, which it names by their letters (`reports.md` 4.4). */
export const formulaStateSchema = z.object({
  expression: z.string().max(1000),
  /** What the row is called; empty: as it is written. */
  name: z.string().max(255).default(''),
});
export type FormulaState = z.infer<typeof formulaStateSchema>;

/** As many as a question may have. */
export const formulasMax = 20;

/** A formula as the query has it: letters there count metrics that are asked for, and blocks of the builder here. */
export type AskedFormula = {
  readonly expression: string;
  readonly name: string;
  /** Metrics of the query that it reads, each once. */
  readonly operands: readonly number[];
};

// A letter of a metric is a word without a bracket behind it: a word with one is a function.
const word = /\b[A-Za-z]+\b(?!\s*\()/g;

/** The metric that a letter of the builder stands for; undefined for other words. */
function positionOf(letter: string): number | undefined {
  return letter.length === 1 ? letter.toUpperCase().charCodeAt(0) - 65 : undefined;
}

/** Stands for a metric that was taken out: no formula can be read that has it. */
const gone = '?';

/**
 * The formula when metrics have other places: `placeOf` says where the one at a place stands now, null = nowhere. Letters
 * count places, and would name other metrics than they did.
 */
export function withMovedMetrics(
  formula: FormulaState,
  metricCount: number,
  placeOf: (position: number) => number | null,
): FormulaState {
  const expression = formula.expression.replace(word, (letter) => {
    const position = positionOf(letter);
    if (position === undefined || position >= metricCount) return letter;
    const place = placeOf(position);
    if (place === position) return letter;
    return place === null ? gone : String.fromCharCode(65 + place);
  });
  return { ...formula, expression };
}

/**
 * The formula for the query, or null while it is empty, or reads a metric that is gone or not asked for. `asked` are the
 * places in the builder of the metrics that are.
 */
export function askedFormula(
  { expression, name }: FormulaState,
  asked: readonly number[],
  metricCount: number,
): AskedFormula | null {
  if (expression.trim() === '' || expression.includes(gone)) return null;
  const operands = new Set<number>();
  let isComplete = true;
  const rewritten = expression.replace(word, (letter) => {
    const position = positionOf(letter);
    if (position === undefined || position >= metricCount) return letter;
    const operand = asked.indexOf(position);
    if (operand === -1) isComplete = false;
    operands.add(operand);
    return String.fromCharCode(65 + operand);
  });
  if (!isComplete) return null;
  return {
    expression: rewritten,
    name: name.trim() === '' ? expression.trim() : name.trim(),
    operands: [...operands].toSorted((a, b) => a - b),
  };
}
