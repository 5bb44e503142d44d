import type { FlowQuery } from '@arbor/schema/query';
import { windowOf } from './durations.ts';
import { planPropertyRef, planSelector } from './filters.ts';
import type { PlanScope } from './plan-scope.ts';
import type { FlowPlan } from './plan-types.ts';
import { resolveRange } from './range.ts';
import { planBase } from './report-base.ts';

export function planFlow(query: FlowQuery, scope: PlanScope): FlowPlan {
  return {
    type: 'flow',
    ...planBase(query, resolveRange(query.range, scope.calendar), scope),
    anchors: query.anchors.map(({ selector, before, after }) => {
      return { selector: planSelector(selector, scope), before, after };
    }),
    counting: query.counting,
    ...windowOf(query.window),
    hold: query.hold.map((property) => planPropertyRef(property, scope)),
    hidden: [...new Set([...query.hidden, ...scope.definitions.hiddenEvents])],
    exclusions: query.exclusions.map((exclusion) => planSelector(exclusion, scope)),
    collapseRepeated: query.collapseRepeated,
    expand: query.expand.map(({ event, property }) => {
      return { event, property: planPropertyRef(property, scope) };
    }),
    customEvents: query.customEvents.map(({ name, selector }) => {
      return { name, selector: planSelector(selector, scope) };
    }),
    rows: query.rows,
    pathsMax: query.pathsMax,
  };
}
