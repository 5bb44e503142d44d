import type { FunnelResult } from '@arbor/schema/result';
import { canDo, groupsOf } from './naive-attempts.ts';
import type { NaiveAttempt, NaiveFunnelWorld } from './naive-attempts.ts';
import { matches } from './naive-selection.ts';

/** Which steps of the query the events of an attempt did: each the first that leaves one for those after it (5.5). */
export function naiveStepPath(
  { events }: NaiveAttempt,
  { query, world }: NaiveFunnelWorld,
): number[] {
  const path: number[] = [];
  let left = [...events];
  for (const group of groupsOf(query)) {
    let steps = [...group];
    const own = left.slice(0, group.length);
    left = left.slice(group.length);
    for (const [i, event] of own.entries()) {
      const step = steps.find(
        (one) =>
          matches(query.steps[one], event, world) &&
          canDo(
            own.slice(i + 1),
            steps.filter((other) => other !== one),
            query,
            world,
          ),
      );
      if (step === undefined) throw new Error('an event of an attempt does no step');
      path.push(step);
      steps = steps.filter((other) => other !== step);
    }
  }
  return path;
}

export function naiveFunnelPaths(
  attempts: readonly NaiveAttempt[],
  pathsMax: number,
  funnel: NaiveFunnelWorld,
): Pick<FunnelResult, 'paths' | 'pathCount'> {
  const all = attempts.map((attempt) => naiveStepPath(attempt, funnel));
  const texts = [...new Set(all.map((path) => JSON.stringify(path)))];
  const paths = texts.map((text) => {
    const steps = JSON.parse(text) as number[];
    const count = all.filter((path) => JSON.stringify(path) === text).length;
    return {
      steps,
      count,
      converted: steps.length === funnel.query.steps.length ? count : 0,
      prefixCounts: steps.map(
        (_, i) =>
          all.filter((path) => steps.slice(0, i + 1).every((s, at) => path[at] === s)).length,
      ),
    };
  });
  const byText = ({ steps }: { steps: number[] }): string =>
    steps.map((step) => String.fromCharCode(65 + step)).join('');
  paths.sort((one, other) => other.count - one.count || (byText(one) < byText(other) ? -1 : 1));
  return { paths: paths.slice(0, pathsMax), pathCount: paths.length };
}
