import type { Node, PropertyNode } from './ast.ts';

/** The same tree with other nodes in place of its properties. */
export function replaceProperties(node: Node, replaced: (property: PropertyNode) => Node): Node {
  const again = (child: Node): Node => replaceProperties(child, replaced);
  switch (node.type) {
    case 'property':
      return replaced(node);
    case 'literal':
    case 'name':
    case 'metric':
      return node;
    case 'list':
      return { ...node, items: node.items.map(again) };
    case 'index':
      return { ...node, object: again(node.object), keys: node.keys.map(again) };
    case 'call':
      return { ...node, args: node.args.map(again) };
    case 'bind':
      return { ...node, value: again(node.value), body: again(node.body) };
    case 'not':
    case 'negate':
      return { ...node, operand: again(node.operand) };
    case 'or':
    case 'and':
      return { ...node, operands: node.operands.map(again) };
    case 'compare':
      return { ...node, left: again(node.left), right: again(node.right) };
    case 'sum':
    case 'product':
      return {
        ...node,
        first: again(node.first),
        rest: node.rest.map(({ operator, operand }) => ({ operator, operand: again(operand) })),
      };
    case 'power':
      return { ...node, base: again(node.base), exponent: again(node.exponent) };
  }
}
