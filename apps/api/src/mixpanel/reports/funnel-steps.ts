import { customEventPrefix } from '@arbor/schema/definitions';
import type { FunnelStepResult } from '@arbor/schema/result';

/** What a step is called in answers. */
export interface StepName {
  /** As a query names it. */
  readonly event: string;
  readonly label: string;
}

/** A step of an answer of `/funnels` (`query-api.md` 6). */
export interface FunnelStep {
  readonly count: number;
  readonly step_conv_ratio: number;
  readonly overall_conv_ratio: number;
  /** Seconds; null for the first step, and where nobody got so far. */
  readonly avg_time: number | null;
  readonly avg_time_from_start: number | null;
  readonly goal: string;
  readonly event: string;
  readonly step_label: string;
  readonly custom_event?: true;
  readonly custom_event_id?: string;
}

/** The first step converts to itself, even where nobody entered; after a step without anybody the ratio is 0. */
export function funnelSteps(
  steps: readonly FunnelStepResult[],
  names: readonly StepName[],
): FunnelStep[] {
  const entries = steps[0]?.count ?? 0;
  return steps.map((step, i) => {
    const event = names[i]?.event ?? '';
    return {
      count: step.count,
      step_conv_ratio: i === 0 ? 1 : ratio(step.count, steps[i - 1]?.count ?? 0),
      overall_conv_ratio: i === 0 ? 1 : ratio(step.count, entries),
      avg_time: seconds(step.averageFromPreviousMs),
      avg_time_from_start: seconds(step.averageFromEntryMs),
      goal: event,
      event,
      step_label: names[i]?.label ?? event,
      ...(event.startsWith(customEventPrefix) && {
        custom_event: true,
        custom_event_id: event.slice(customEventPrefix.length),
      }),
    };
  });
}

const ratio = (count: number, of: number): number => (of === 0 ? 0 : count / of);

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** `worst` is the index of the step with the lowest conversion from the one before, the first of several. */
export function funnelAnalysis(steps: readonly FunnelStep[]): {
  readonly completion: number;
  readonly starting_amount: number;
  readonly steps: number;
  readonly worst: number;
} {
  let worst = Math.min(1, steps.length - 1);
  for (let i = worst + 1; i < steps.length; i++) {
    if ((steps[i]?.step_conv_ratio ?? 0) < (steps[worst]?.step_conv_ratio ?? 0)) worst = i;
  }
  return {
    completion: steps.at(-1)?.count ?? 0,
    starting_amount: steps[0]?.count ?? 0,
    steps: steps.length,
    worst,
  };
}
