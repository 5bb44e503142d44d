import type { FunnelResult } from '@arbor/schema/result';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { FunnelPlan } from '../plan/plan-types.ts';
import type { FunnelPath } from './partial.ts';

/** Different orders that one funnel may have: those of eight steps, ended or not. */
const pathsMax = 2 ** 17;
/** Steps in all of them together: 32 in each of so many orders, or some 40,000 orders of a hundred steps. */
const stepsMax = 2 ** 22;

/** Attempts by the order in which their steps were done (5.5). */
export class FunnelPaths {
  readonly #counts = new Map<string, { readonly steps: readonly number[]; count: number }>();
  #stepCount = 0;

  /** Throws `INVALID_QUERY` where there are more different orders than memory is meant for. */
  add(steps: readonly number[], count: number): void {
    const key = steps.join();
    const known = this.#counts.get(key);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    this.#stepCount += steps.length;
    if (this.#counts.size === pathsMax) throw tooMany(`${pathsMax} different orders`);
    if (this.#stepCount > stepsMax) {
      throw tooMany(`${this.#counts.size} different orders, of ${stepsMax} steps together`);
    }
    this.#counts.set(key, { steps, count });
  }

  /** In no order. */
  all(): FunnelPath[] {
    return [...this.#counts.values()];
  }
}

/** One list of several. */
export function addPaths(lists: readonly (readonly FunnelPath[])[]): FunnelPath[] {
  const paths = new FunnelPaths();
  for (const list of lists) for (const { steps, count } of list) paths.add(steps, count);
  return paths.all();
}

function tooMany(what: string) {
  return invalidQuery(
    `steps were done in more than ${what}: filter them, or ask about fewer steps`,
  );
}

/** The most common orders; of equally common ones the first by its steps. */
export function topOrders(
  { steps }: Pick<FunnelPlan, 'steps'>,
  best: number,
  lists: readonly (readonly FunnelPath[])[],
): Pick<FunnelResult, 'paths' | 'pathCount'> {
  const all = addPaths(lists);
  const ranked = all
    .toSorted((path, other) => other.count - path.count || compareSteps(path.steps, other.steps))
    .slice(0, best);
  const begun = new Beginnings(ranked);
  for (const path of all) begun.count(path);
  return {
    paths: ranked.map((path) => ({
      steps: [...path.steps],
      count: path.count,
      converted: path.steps.length === steps.length ? path.count : 0,
      prefixCounts: begun.countsOf(path),
    })),
    pathCount: all.length,
  };
}

interface Beginning {
  count: number;
  /** By the step that follows. */
  readonly next: Map<number, Beginning>;
}

/** How many attempts begin as some paths do: a tree of their steps alone, however many other orders there are. */
class Beginnings {
  readonly #root: Beginning = { count: 0, next: new Map() };

  constructor(paths: readonly FunnelPath[]) {
    for (const { steps } of paths) {
      let at = this.#root;
      for (const step of steps) {
        let next = at.next.get(step);
        if (next === undefined) at.next.set(step, (next = { count: 0, next: new Map() }));
        at = next;
      }
    }
  }

  count({ steps, count }: FunnelPath): void {
    for (const at of this.#along(steps)) at.count += count;
  }

  countsOf({ steps }: FunnelPath): number[] {
    return this.#along(steps).map(({ count }) => count);
  }

  /** As far as the tree goes. */
  #along(steps: readonly number[]): Beginning[] {
    const passed: Beginning[] = [];
    let at: Beginning | undefined = this.#root;
    for (const step of steps) {
      at = at.next.get(step);
      if (at === undefined) break;
      passed.push(at);
    }
    return passed;
  }
}

/** A shorter one comes before what it begins. */
function compareSteps(steps: readonly number[], others: readonly number[]): number {
  const at = steps.findIndex((step, i) => step !== others[i]);
  if (at < 0 || at >= others.length) return steps.length - others.length;
  return steps[at] - others[at];
}
