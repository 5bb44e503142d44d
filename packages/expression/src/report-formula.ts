import { childrenOf, type MetricNode, type Node, type Span } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { quoted } from './lexer.ts';
import { metricIndex, metricLetters } from './metric-letters.ts';
import type { NameToken } from './parse-state.ts';
import { parseText } from './parse.ts';
import { spanOf } from './token-cursor.ts';

/** A formula over the metrics of a report (`reports.md` 4.4, `ux.md` UX-M3). */
export interface ReportFormula {
  readonly root: Node;
  /** The metrics it reads, 0 for A, each once, ascending. */
  readonly metrics: readonly number[];
}

/** What the letters of a report stand for. */
export interface ReportLetters {
  /** Blocks of the report, formulas too: with 3 the letters are A, B and C. */
  readonly count: number;
  /** Which of them are formulas themselves; a formula cannot use another. */
  readonly formulas?: ReadonlySet<number>;
}

/** The most buckets that `prev` and `avg` look back. */
const bucketsBackMax = 1_000;

/** Parses a formula of a report. Throws ExpressionError, also for letters that the report does not have. */
export function parseReportFormula(text: string, letters: ReportLetters): ReportFormula {
  const root = parseText(text, {
    dialect: 'report',
    resolve: (token) => metricOf(token, letters),
    expectedName: expectedLetter(letters.count),
  });
  const metrics = new Set<number>();
  const visit = (node: Node): void => {
    if (node.type === 'metric') metrics.add(node.index);
    if (node.type === 'call') checkBucketsBack(node.name, node.args[1]);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return { root, metrics: [...metrics].toSorted((a, b) => a - b) };
}

function metricOf(token: NameToken, { count, formulas }: ReportLetters): MetricNode | undefined {
  const index = metricIndex(token.text);
  if (index === undefined || index >= count) return undefined;
  if (formulas?.has(index) === true) {
    const expected = 'a metric, because a formula cannot use another formula';
    throw new ExpressionError('unknown-name', spanOf(token), quoted(token.text), expected);
  }
  return { type: 'metric', index, ...spanOf(token) };
}

function expectedLetter(count: number): string {
  if (count === 0) return 'a number, because the report has no metrics yet';
  return count === 1 ? 'the letter A' : `a letter from A to ${metricLetters(count - 1)}`;
}

/** How many buckets `prev` and `avg` look back is written out, so that it is one number for all buckets. */
function checkBucketsBack(name: string, argument: (Node & Span) | undefined): void {
  if ((name !== 'prev' && name !== 'avg') || argument === undefined) return;
  const value = argument.type === 'literal' ? argument.value : undefined;
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 1;
  if (isCount && value <= bucketsBackMax) return;
  const found = typeof value === 'number' ? String(value) : 'an expression';
  const expected = `a whole number of buckets from 1 to ${bucketsBackMax}`;
  throw new ExpressionError('bad-argument', spanOf(argument), found, expected);
}
