import type { CallNode, Node, PropertyReference } from './ast.ts';
import type { Expression } from './expression.ts';
import { functionShape } from './functions.ts';
import { kindOf } from './value.ts';

/** `unknown`: only the data tells. `date` is a number of unix seconds that an expression made as a date. */
export type ResultType = 'boolean' | 'number' | 'string' | 'list' | 'object' | 'date' | 'unknown';

/** What is known of a property's values; missing values do not count. */
export type PropertyTypes = (reference: PropertyReference) => ResultType;

type Names = readonly { readonly name: string; readonly type: ResultType }[];

/** `never` values, such as the literal undefined, agree with every type. */
type Inferred = ResultType | 'never';

/**
 * The type of the values that an expression gives where it gives any (`reports.md` 14.3 "types by result"). Undefined
 * and null are no types of their own: any expression may give them.
 */
export function resultType(
  { dialect, root }: Expression,
  typeOf: PropertyTypes = () => 'unknown',
): ResultType {
  const infer = (node: Node, names: Names): Inferred => {
    switch (node.type) {
      case 'literal': {
        const kind = kindOf(node.value);
        return kind === 'undefined' || kind === 'null' ? 'never' : kind;
      }
      case 'property':
        return typeOf({ source: node.source, name: node.name });
      case 'name':
        return names.findLast(({ name }) => name === node.name)?.type ?? 'unknown';
      case 'list':
        return 'list';
      case 'not':
      case 'or':
      case 'and':
      case 'compare':
        return 'boolean';
      case 'negate':
      case 'product':
      case 'metric':
      case 'power':
        return 'number';
      case 'sum':
        return inferSum([node.first, ...node.rest.map(({ operand }) => operand)], names);
      case 'index':
        return 'unknown';
      case 'call':
        return inferCall(node, names);
      case 'bind': {
        if (node.kind === 'any' || node.kind === 'all') return 'boolean';
        if (node.kind === 'filter' || node.kind === 'map') return 'list';
        const type = known(infer(node.value, names));
        return infer(node.body, [...names, { name: node.name, type }]);
      }
    }
  };
  /** Texts joined are a text, anything else that is not undefined is a number. */
  const inferSum = (operands: readonly Node[], names: Names): Inferred => {
    const types = operands.map((operand) => infer(operand, names));
    const isOther = (type: Inferred) => type !== 'unknown' && type !== 'string';
    if (types.every((type) => type === 'unknown')) return 'unknown';
    return types.some(isOther) ? 'number' : 'string';
  };
  const inferCall = ({ name, args }: CallNode, names: Names): Inferred => {
    const shape = functionShape(name, dialect);
    if (name === 'split') return args.length === 3 ? 'string' : 'list';
    if (shape?.result !== 'argument') return shape?.result ?? 'unknown';
    // `if` and `ifs`: every second argument is a value, and so is the last of an odd number.
    const isOdd = args.length % 2 === 1;
    const values = args.filter((_, i) => i % 2 === 1 || (isOdd && i === args.length - 1));
    return values.map((value) => infer(value, names)).reduce(common, 'never');
  };
  return known(infer(root, []));
}

function common(left: Inferred, right: Inferred): Inferred {
  if (left === 'never' || left === right) return right;
  return right === 'never' ? left : 'unknown';
}

const known = (type: Inferred): ResultType => (type === 'never' ? 'unknown' : type);
