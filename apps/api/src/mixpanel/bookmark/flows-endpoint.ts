import { ApiError } from '../../errors.ts';
import { describeIssues } from '../../describe-issues.ts';
import { askQuery } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { ReportDeps } from '../reports/report-deps.ts';
import { segmentKey } from '../reports/segment-keys.ts';
import { flowAnswer } from './flow-answer.ts';
import { readFlow } from './flow-query.ts';
import { flowBookmarkSchema } from './flow-schema.ts';
import { inlineReport } from './insights-endpoint.ts';
import { isoInZone } from './zoned-time.ts';

const forms = ['flows_sankey', 'flows_top_paths', 'flows'] as const;

/** `/arb_funnels` (`query-api.md` 13.5): flows; a bookmark with sections is answered as `/insights` does. */
export function arbitraryFunnels(deps: ReportDeps): Endpoint {
  return {
    path: '/arb_funnels',
    handle: async (asked: Asked) => {
      const { parameters, project } = asked;
      const given = parameters.json('bookmark') ?? parameters.refuse('bookmark', 'is missing');
      if (typeof given === 'object' && 'sections' in given) return inlineReport(deps, asked, given);
      const form = parameters.choice('query_type', forms) ?? 'flows_sankey';
      const parsed = flowBookmarkSchema.safeParse(given);
      if (!parsed.success) {
        throw new ApiError('INVALID_REQUEST', `bookmark: ${describeIssues(parsed.error)}`);
      }
      const nowMs = deps.clock();
      const query = readFlow(parsed.data, { project, nowMs });
      const flow = await askQuery(deps.queries, asked, query);
      return {
        computed_at: isoInZone(nowMs, 'UTC'),
        ...flowAnswer(flow, form),
        breakdowns: flow.segments.map(({ segment, ...graph }) => ({
          value: segmentKey(segment),
          ...flowAnswer(graph, form),
        })),
        metadata: {},
      };
    },
  };
}
