import type { Plan } from '../plan/plan-types.ts';
import { isSessionEvent, workedSessionProperties } from '../plan/session-events.ts';
import { neededDays } from './snapshot-days.ts';
import type { ProjectSnapshot } from '../scan/project-snapshot.ts';
import { scanNeeds } from '../scan/scan-needs.ts';

/**
 * Columns that one run brings into memory: a project may have thousands of properties, and whole columns of the
 * days of a page have to be decoded for a few rows.
 */
const propertiesMax = 48;

/**
 * A plan that asks for all properties of events as plans that name them, some each: which there are is known where
 * the events lie. Any other plan is itself. Their partial results add up.
 */
export function withPropertyNames(
  plan: Plan,
  snapshots: readonly ProjectSnapshot[],
): readonly Plan[] {
  if (plan.type !== 'list' || plan.chosen === null || plan.chosen.properties !== null) {
    return [plan];
  }
  const { chosen } = plan;
  const names = new Set<string>();
  const needs = scanNeeds(plan, false);
  for (const { parts } of snapshots.flatMap((snapshot) => neededDays(snapshot, needs))) {
    for (const { part } of parts) for (const name of part.propertyNames()) names.add(name);
  }
  if (chosen.keys.some(({ event }) => isSessionEvent(event))) {
    for (const name of workedSessionProperties) names.add(name);
  }
  const ordered = [...names].sort();
  const plans: Plan[] = [];
  for (let from = 0; from < ordered.length; from += propertiesMax) {
    const properties = ordered.slice(from, from + propertiesMax);
    plans.push({ ...plan, chosen: { ...chosen, properties } });
  }
  return plans;
}
