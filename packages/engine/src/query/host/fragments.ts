import type { Plan } from '../plan/plan-types.ts';
import { distinctIdProperty } from '../scan/people-mask.ts';
import type { ScanNeeds } from '../scan/scan-needs.ts';
import { planKey } from './result-cache.ts';
import type { NeededDay } from './snapshot-days.ts';

/** Days whose partial results stand alone, and what decides these. */
export interface Fragment {
  readonly days: readonly NeededDay[];
  readonly key: string;
}

/** What of a snapshot decides results, besides the rows of days. */
export interface SnapshotKeys {
  readonly project: number;
  readonly shard: number;
  /** Version of the redirects. */
  readonly redirects: number;
  /** Of the users' ids; another number for other users. */
  readonly users: number;
  /** Of the columns of persons that the plan needs, by name. */
  readonly persons: readonly (readonly [name: string, id: number])[];
}

/**
 * Cuts a query where days add up (`isAdditive`): days that lie in files alone stay as they are for long, so
 * what they come to is asked for again and again, while those with rows in memory change with every batch.
 */
export function fragmentsOf(
  days: readonly NeededDay[],
  options: {
    readonly plan: Plan;
    readonly needs: ScanNeeds;
    /** By place of the days. */
    readonly keys: readonly SnapshotKeys[];
    readonly isAdditive: boolean;
  },
): Fragment[] {
  const bases = options.keys.map((keys) => baseKey(options.plan, options.needs, keys));
  const fragment = (own: readonly NeededDay[]): Fragment => ({
    days: own,
    key: [...bases, ...own.flatMap(dayKeys)].join('\n'),
  });
  if (!options.isAdditive || days.length === 0) return [fragment(days)];
  const isSettled = ({ parts }: NeededDay): boolean =>
    parts.every(({ part }) => part.type === 'segment');
  const settled = days.filter(isSettled);
  const live = days.filter((day) => !isSettled(day));
  return [settled, live].filter((own) => own.length > 0).map(fragment);
}

function dayKeys({ place = 0, day, parts }: NeededDay): string[] {
  return [`${place} ${day}`, ...parts.map(({ key }) => key)];
}

function baseKey(plan: Plan, needs: ScanNeeds, keys: SnapshotKeys): string {
  const { project, shard, redirects, persons } = keys;
  const namesUsers =
    needs.personProperties.has(distinctIdProperty) ||
    needs.wants.some(({ properties }) => properties.has(distinctIdProperty));
  const users = namesUsers || looksAtUsers(plan) ? keys.users : 0;
  return JSON.stringify([planKey(plan), project, shard, redirects, users, persons]);
}

/** Cohorts and profiles are also counted without a row, lists and frozen cohorts go by ids. */
function looksAtUsers(plan: Plan): boolean {
  switch (plan.type) {
    case 'cohort':
    case 'list':
    case 'users':
      return true;
    case 'insights':
      return plan.cohorts.length > 0 || plan.metrics.some(({ people }) => people !== undefined);
    case 'funnel':
    case 'retention':
    case 'frequency':
    case 'flow':
      return plan.cohorts.length > 0;
  }
}
