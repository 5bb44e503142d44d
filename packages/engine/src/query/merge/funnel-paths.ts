import type { FunnelResult } from '@arbor/schema/result';
import { invalidQuery } from '../plan/invalid-query.ts';
import type { FunnelPlan } from '../plan/plan-types.ts';
import type { FunnelPath } from './partial.ts';

/** Different orders that one funnel may have: those of eight steps, ended or not. */
const pathsMax = 2 ** 17;

/** Attempts by the order in which their steps were done (5.5). */
export class FunnelPaths {
  readonly #counts = new Map<string, { readonly steps: readonly number[]; count: number }>();

  /** Throws `INVALID_QUERY` where there are more different orders than memory is meant for. */
  add(steps: readonly number[], count: number): void {
    const key = steps.join();
    const known = this.#counts.get(key);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    if (this.#counts.size === pathsMax) {
      throw invalidQuery(
        `steps were done in more than ${pathsMax} different orders: filter them, or ask about fewer steps`,
      );
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

/** The most common orders; of equally common ones the first by its steps. */
export function topOrders(
  { steps }: Pick<FunnelPlan, 'steps'>,
  best: number,
  lists: readonly (readonly FunnelPath[])[],
): Pick<FunnelResult, 'paths' | 'pathCount'> {
  const all = addPaths(lists);
  const passing = new Map<string, number>();
  for (const { steps: done, count } of all) {
    for (let length = 1; length <= done.length; length++) {
      const key = done.slice(0, length).join();
      passing.set(key, (passing.get(key) ?? 0) + count);
    }
  }
  const ranked = all.sort(
    (path, other) => other.count - path.count || compareSteps(path.steps, other.steps),
  );
  return {
    paths: ranked.slice(0, best).map(({ steps: done, count }) => ({
      steps: [...done],
      count,
      converted: done.length === steps.length ? count : 0,
      prefixCounts: done.map((_, i) => passing.get(done.slice(0, i + 1).join()) ?? 0),
    })),
    pathCount: all.length,
  };
}

/** A shorter one comes before what it begins. */
function compareSteps(steps: readonly number[], others: readonly number[]): number {
  const at = steps.findIndex((step, i) => step !== others[i]);
  if (at < 0 || at >= others.length) return steps.length - others.length;
  return steps[at] - others[at];
}
