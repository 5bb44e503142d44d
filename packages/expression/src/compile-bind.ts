import { nodeCount, type BindNode } from './ast.ts';
import { withName, type Compilation, type Evaluate } from './compilation.ts';
import { isList, isTruthy, type Value } from './value.ts';

/**
 * `let` and the loops over lists (`reports.md` 14.3). A loop over what is no list is undefined; over an empty list
 * `any` is false and `all` is true.
 */
export function compileBind(compilation: Compilation, node: BindNode): Evaluate {
  const value = compilation.compile(node.value);
  return withName(compilation, node.name, (local) => {
    const body = compilation.compile(node.body);
    const { locals, budget } = compilation;
    if (node.kind === 'let') {
      return () => {
        locals[local] = value();
        return body();
      };
    }
    const steps = nodeCount(node.body);
    const bodyOf = (item: Value): Value => {
      budget.spend(steps);
      locals[local] = item;
      return body();
    };
    const loop = loops[node.kind];
    return () => {
      const list = value();
      return isList(list) ? loop(list, bodyOf) : undefined;
    };
  });
}

type Loop = (list: readonly Value[], bodyOf: (item: Value) => Value) => Value;

const loops: Readonly<Record<Exclude<BindNode['kind'], 'let'>, Loop>> = {
  any: (list, bodyOf) => list.some((item) => isTruthy(bodyOf(item))),
  all: (list, bodyOf) => list.every((item) => isTruthy(bodyOf(item))),
  filter: (list, bodyOf) => list.filter((item) => isTruthy(bodyOf(item))),
  map: (list, bodyOf) => list.map(bodyOf),
};
