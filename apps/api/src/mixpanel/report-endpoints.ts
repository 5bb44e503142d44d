import { arbitraryFunnels } from './bookmark/flows-endpoint.ts';
import { insights } from './bookmark/insights-endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { addiction } from './reports/addiction.ts';
import { eventProperties, propertyValues, topProperties } from './reports/event-properties.ts';
import { eventNames, events, topEvents } from './reports/events.ts';
import { funnelList, funnels } from './reports/funnels.ts';
import {
  averageSegmentation,
  numericSegmentation,
  sumSegmentation,
} from './reports/numeric-segmentation.ts';
import type { ReportDeps } from './reports/report-deps.ts';
import { retention } from './reports/retention.ts';
import { segmentation } from './reports/segmentation.ts';

/** The reports of the Query API: `query-api.md` 3 to 7 and 13. */
export function reportEndpoints(deps: ReportDeps): readonly Endpoint[] {
  return [
    insights(deps),
    arbitraryFunnels(deps),
    segmentation(deps),
    numericSegmentation(deps),
    sumSegmentation(deps),
    averageSegmentation(deps),
    events(deps),
    topEvents(deps),
    eventNames(deps),
    eventProperties(deps),
    topProperties(deps),
    propertyValues(deps),
    funnels(deps),
    funnelList(deps),
    retention(deps),
    addiction(deps),
  ];
}
