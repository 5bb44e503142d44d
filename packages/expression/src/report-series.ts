import { childrenOf, type ArithmeticOperator, type CompareOperator, type Node } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import type { ReportFormula } from './report-formula.ts';
import { combine, lift, seriesFunction, type Series } from './series-functions.ts';

/** The values of one metric for one segment. */
export interface ReportOperand {
  /** Left out where the segment does not occur in this metric. */
  readonly values?: Series | undefined;
  /** What stands for a missing value: 0 for counts, null for averages and the like (`reports.md` 4.4). */
  readonly missing: number | null;
}

export interface ReportOptions {
  /** 1 for the value of a range, which is computed from range values and not from buckets. */
  readonly bucketCount: number;
  /** `gap` (the default): x ÷ 0 has no value (`reports.md` 4.4); `zero`: it is 0, as other products show it. */
  readonly divisionByZero?: 'gap' | 'zero';
}

/** Values looked at by one evaluation: seconds of work, more than any chart needs. */
const valuesMax = 200_000_000;

/**
 * Evaluates a formula bucket by bucket over aggregated values. `operands` by metric, 0 for A; those that the formula
 * does not read may be left out. A gap in what an operator needs is a gap in its result, and so is what no number can
 * hold. Throws ExpressionError `too-much-work`.
 */
export function evaluateReportFormula(
  { root }: ReportFormula,
  operands: readonly (ReportOperand | undefined)[],
  options: ReportOptions,
): Series {
  const { bucketCount } = options;
  checkWork(root, bucketCount);
  const operations = options.divisionByZero === 'zero' ? withZeros : withGaps;
  const constant = (value: number | null): Series =>
    Array.from({ length: bucketCount }, () => value);

  const evaluate = (node: Node): Series => {
    switch (node.type) {
      case 'literal':
        return constant(typeof node.value === 'number' ? node.value : null);
      case 'metric':
        return seriesOf(operands[node.index], constant);
      case 'negate':
        return lift(evaluate(node.operand), (value) => -value);
      case 'not':
        return lift(evaluate(node.operand), (value) => Number(value === 0));
      case 'and':
      case 'or':
        return node.operands.map(evaluate).reduce((a, b) => combine(a, b, logic[node.type]));
      case 'compare':
        return combine(evaluate(node.left), evaluate(node.right), comparison(node.operator));
      case 'power':
        return combine(evaluate(node.base), evaluate(node.exponent), Math.pow);
      case 'sum':
      case 'product':
        return node.rest.reduce(
          (left, { operator, operand }) => combine(left, evaluate(operand), operations[operator]),
          evaluate(node.first),
        );
      case 'call': {
        const apply = seriesFunction(node.name);
        if (apply === undefined) throw notOfReports(node.name);
        return apply(node.args.map(evaluate));
      }
      case 'list':
      case 'property':
      case 'name':
      case 'index':
      case 'bind':
        throw notOfReports(node.type);
    }
  };
  return evaluate(root);
}

function seriesOf(
  operand: ReportOperand | undefined,
  constant: (value: number | null) => Series,
): Series {
  if (operand === undefined) throw new TypeError('a metric that the formula reads was left out');
  const { values, missing } = operand;
  return constant(missing).map((other, i) => values?.[i] ?? other);
}

/** The parser makes no such node. */
const notOfReports = (what: string): TypeError =>
  new TypeError(`a formula of a report has no ${what}`);

type Calculate = (left: number, right: number) => number | null;
type Operations = Readonly<Record<ArithmeticOperator, Calculate>>;

const withGaps: Operations = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? null : left / right),
  '%': () => {
    throw notOfReports('%');
  },
};

const withZeros: Operations = {
  ...withGaps,
  '/': (left, right) => (right === 0 ? 0 : left / right),
};

const logic: Readonly<Record<'and' | 'or', Calculate>> = {
  and: (left, right) => Number(left !== 0 && right !== 0),
  or: (left, right) => Number(left !== 0 || right !== 0),
};

/** True is 1 and false is 0. */
function comparison(operator: CompareOperator): Calculate {
  switch (operator) {
    case '==':
      return (left, right) => Number(left === right);
    case '!=':
      return (left, right) => Number(left !== right);
    case '>':
      return (left, right) => Number(left > right);
    case '>=':
      return (left, right) => Number(left >= right);
    case '<':
      return (left, right) => Number(left < right);
    case '<=':
      return (left, right) => Number(left <= right);
    case 'in':
      throw notOfReports(operator);
  }
}

function checkWork(root: Node, bucketCount: number): void {
  let looks = 0;
  const visit = (node: Node): void => {
    const window = node.type === 'call' && node.name === 'avg' ? node.args[1] : undefined;
    const isWindow = window?.type === 'literal' && typeof window.value === 'number';
    looks += bucketCount * (isWindow ? Number(window.value) : 1);
    childrenOf(node).forEach(visit);
  };
  visit(root);
  if (looks <= valuesMax) return;
  const found = `a formula that looks at ${looks} values`;
  throw new ExpressionError('too-much-work', root, found, `at most ${valuesMax}`);
}
