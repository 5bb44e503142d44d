import type { Literal, Node } from './ast.ts';
import { levels } from './words.ts';
import { metricLetters } from './metric-letters.ts';

/**
 * The text of a tree: parsing it gives the same tree again. Parentheses stand where the tree needs them, `(a + b) + c`
 * included, which is not the one chain `a + b + c`.
 */
export function printNode(node: Node): string {
  return print(node, levels.or);
}

/** `level`: what binds more loosely needs parentheses here. */
function print(node: Node, level: number): string {
  const text = printBare(node);
  return levelOf(node) < level ? `(${text})` : text;
}

function levelOf(node: Node): number {
  switch (node.type) {
    case 'literal':
    case 'list':
    case 'property':
    case 'name':
    case 'metric':
    case 'call':
    case 'bind':
      return levels.atom;
    case 'index':
    case 'not':
    case 'negate':
    case 'or':
    case 'and':
    case 'compare':
    case 'sum':
    case 'product':
    case 'power':
      return levels[node.type];
  }
}

function printBare(node: Node): string {
  switch (node.type) {
    case 'literal':
      return printLiteral(node.value);
    case 'property':
      return `${node.source}[${printText(node.name)}]`;
    case 'name':
      return node.name;
    case 'metric':
      return metricLetters(node.index);
    case 'list':
      return `[${printAll(node.items)}]`;
    case 'call':
      return `${node.name}(${printAll(node.args)})`;
    case 'bind':
      return `${node.kind}(${node.name}, ${printAll([node.value, node.body])})`;
    case 'index':
    case 'not':
    case 'negate':
    case 'or':
    case 'and':
    case 'compare':
    case 'sum':
    case 'product':
    case 'power':
      return printOperators(node);
  }
}

type OperatorNode = Exclude<
  Node,
  { type: 'literal' | 'property' | 'name' | 'metric' | 'list' | 'call' | 'bind' }
>;

function printOperators(node: OperatorNode): string {
  switch (node.type) {
    case 'index': {
      const keys = node.keys.map((key) => `[${print(key, levels.or)}]`).join('');
      return `${print(node.object, levels.atom)}${keys}`;
    }
    case 'not':
      return `not ${print(node.operand, levels.not)}`;
    case 'negate':
      return `-${print(node.operand, levels.negate)}`;
    case 'or':
    case 'and':
      return node.operands
        .map((operand) => print(operand, levels[node.type] + 1))
        .join(` ${node.type} `);
    case 'compare': {
      const [left, right] = [print(node.left, levels.sum), print(node.right, levels.sum)];
      return `${left} ${node.operator} ${right}`;
    }
    case 'sum':
    case 'product': {
      const operand = levels[node.type] + 1;
      const rest = node.rest.map((one) => ` ${one.operator} ${print(one.operand, operand)}`);
      return `${print(node.first, operand)}${rest.join('')}`;
    }
    case 'power':
      return `${print(node.base, levels.index)} ^ ${print(node.exponent, levels.negate)}`;
  }
}

const printAll = (nodes: readonly Node[]): string =>
  nodes.map((node) => print(node, levels.or)).join(', ');

function printLiteral(value: Literal): string {
  return typeof value === 'string' ? printText(value) : String(value);
}

const printText = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
