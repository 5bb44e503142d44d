import type { FunnelPlan } from '../../plan/plan-types.ts';

/**
 * Which step of an attempt its values come from (5.8): the first that has one, the last that has one, or one step
 * whatever the others have.
 */
export interface ValueRule {
  readonly mode: 'first' | 'last' | 'step';
  /** Of `step` alone: which; the first is 0. */
  readonly step: number;
}

/** Null = each value has attempts of its own, which fast scans do not follow. */
export function valueRule({ options }: Pick<FunnelPlan, 'options'>): ValueRule | null {
  const attribution = options?.attribution ?? { type: 'first' as const };
  switch (attribution.type) {
    case 'first':
    case 'last':
      return { mode: attribution.type, step: 0 };
    case 'step':
      return { mode: 'step', step: attribution.step };
    case 'each':
      return null;
  }
}

/** The value of an attempt that had `known` before it did the step with `value`; 0 = none. */
export function attributedValue(
  { mode, step: chosen }: ValueRule,
  step: number,
  known: number,
  value: number,
): number {
  if (mode === 'step') return step === chosen ? value : known;
  if (mode === 'first') return known === 0 ? value : known;
  return value === 0 ? known : value;
}
