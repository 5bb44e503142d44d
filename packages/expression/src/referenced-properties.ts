import { childrenOf, type Node, type PropertyReference } from './ast.ts';

/** The properties that an expression reads, each once, in the order of the text. */
export function referencedProperties(root: Node): PropertyReference[] {
  const found = new Map<string, PropertyReference>();
  const visit = (node: Node): void => {
    if (node.type === 'property') {
      // A source holds no space, so the key is unique.
      const key = `${node.source} ${node.name}`;
      if (!found.has(key)) found.set(key, { source: node.source, name: node.name });
    }
    childrenOf(node).forEach(visit);
  };
  visit(root);
  return [...found.values()];
}
