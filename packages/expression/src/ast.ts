/**
 * The tree of an expression. Operators of one level are one flat node, never a chain of pairs: a condition
 * with a thousand alternatives is one node deep, so that depth measures nesting and nothing else.
 */

/** Place in the text, in UTF-16 units; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where a property is looked up (`query-api.md` 19.1). What `properties` means is the reader's matter: of the
 * event in reports, of the profile in a query of profiles.
 */
export type PropertySource = 'properties' | 'user' | 'event' | 'behaviors';

export interface PropertyReference {
  readonly source: PropertySource;
  readonly name: string;
}

export type Literal = undefined | null | boolean | number | string;

export type CompareOperator = '==' | '!=' | '>' | '>=' | '<' | '<=' | 'in';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';
/** `let` names one value; the others name each item of a list in turn. */
export type BindKind = 'let' | 'any' | 'all' | 'filter' | 'map';

export type LiteralNode = Span & { readonly type: 'literal'; readonly value: Literal };
export type ListNode = Span & { readonly type: 'list'; readonly items: readonly Node[] };
export type PropertyNode = Span & { readonly type: 'property' } & PropertyReference;
/** A name that `let`, `any`, `all`, `filter` or `map` gave. */
export type NameNode = Span & { readonly type: 'name'; readonly name: string };
/** A letter of a report: 0 is A. */
export type MetricNode = Span & { readonly type: 'metric'; readonly index: number };
/** `object[key][key]…`: items of lists count from 0, keys of objects are texts. */
export type IndexNode = Span & {
  readonly type: 'index';
  readonly object: Node;
  readonly keys: readonly Node[];
};
export type CallNode = Span & {
  readonly type: 'call';
  readonly name: string;
  readonly args: readonly Node[];
};
export type BindNode = Span & {
  readonly type: 'bind';
  readonly kind: BindKind;
  readonly name: string;
  readonly value: Node;
  readonly body: Node;
};
export type NotNode = Span & { readonly type: 'not'; readonly operand: Node };
export type NegateNode = Span & { readonly type: 'negate'; readonly operand: Node };
export type LogicNode = Span & {
  readonly type: 'or' | 'and';
  /** Two or more. */
  readonly operands: readonly Node[];
};
export type CompareNode = Span & {
  readonly type: 'compare';
  readonly operator: CompareOperator;
  readonly left: Node;
  readonly right: Node;
};
/** `first + a - b …` or `first * a / b …`, from left to right; one node holds operators of one level only. */
export type ArithmeticNode = Span & {
  readonly type: 'sum' | 'product';
  readonly first: Node;
  readonly rest: readonly { readonly operator: ArithmeticOperator; readonly operand: Node }[];
};
/** Of reports only. */
export type PowerNode = Span & {
  readonly type: 'power';
  readonly base: Node;
  readonly exponent: Node;
};

export type Node =
  | LiteralNode
  | ListNode
  | PropertyNode
  | NameNode
  | MetricNode
  | IndexNode
  | CallNode
  | BindNode
  | NotNode
  | NegateNode
  | LogicNode
  | CompareNode
  | ArithmeticNode
  | PowerNode;

/** The nodes right below a node, in the order of the text. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.type) {
    case 'literal':
    case 'property':
    case 'name':
    case 'metric':
      return [];
    case 'list':
      return node.items;
    case 'index':
      return [node.object, ...node.keys];
    case 'call':
      return node.args;
    case 'bind':
      return [node.value, node.body];
    case 'not':
    case 'negate':
      return [node.operand];
    case 'or':
    case 'and':
      return node.operands;
    case 'compare':
      return [node.left, node.right];
    case 'sum':
    case 'product':
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case 'power':
      return [node.base, node.exponent];
  }
}

/** The nodes of a tree, itself included. */
export function nodeCount(node: Node): number {
  return childrenOf(node).reduce((count, child) => count + nodeCount(child), 1);
}
