import { isPlainPlan } from '../plan/plain-plan.ts';
import type { Plan } from '../plan/plan-types.ts';
import { createCohortScans } from './cohort/create-cohort-scan.ts';
import { createFunnelScans } from './funnel/create-funnel-scan.ts';
import { createInsightsScans } from './insights/create-insights-scans.ts';
import { createRetentionScans } from './retention/create-retention-scan.ts';
import type { ScanSet } from './scan.ts';
import { checkPlanVersion } from '../plan/plan-version.ts';
import type { ScanSource } from './scan-source.ts';

/**
 * The fast scans that answer the plan, or null where it has none and must go over rows in the order of
 * users. Which of the two is decided by the plan alone, whatever the source. Throws where the plan is of another
 * version of the engine.
 */
export function createScanSet(plan: Plan, source: ScanSource): ScanSet | null {
  checkPlanVersion(plan);
  if (!isPlainPlan(plan)) return null;
  switch (plan.type) {
    case 'insights':
      return createInsightsScans(plan, source);
    case 'funnel':
      return createFunnelScans(plan, source);
    case 'retention':
      return createRetentionScans(plan, source);
    case 'cohort':
      return createCohortScans(plan, source);
    case 'frequency':
    case 'flow':
    case 'list':
    case 'users':
      return null;
  }
}
