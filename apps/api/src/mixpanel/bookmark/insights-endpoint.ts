import { ApiError } from '../../errors.ts';
import { describeIssues } from '../../describe-issues.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { ReportDeps } from '../reports/report-deps.ts';
import type { Bookmark } from './bookmark-schema.ts';
import { bookmarkSchema } from './bookmark-schema.ts';
import { funnelReport } from './funnel-report.ts';
import { insightsReport } from './insights-report.ts';
import { readReport } from './report-request.ts';
import { retentionReport } from './retention-report.ts';
import { savedReport } from './saved-report.ts';

/** `/insights` (`query-api.md` 3, 13): a report that is described in the body, or one that was saved (`bookmark_id`). */
export function insights(deps: ReportDeps): Endpoint {
  return {
    path: '/insights',
    handle: (asked: Asked) => {
      const { parameters } = asked;
      if (!parameters.has('bookmark')) {
        const id = parameters.integer('bookmark_id', { min: 1, max: 2_147_483_647 });
        return savedReport(deps, asked, id ?? parameters.refuse('bookmark_id', 'is missing'));
      }
      return inlineReport(deps, asked, parameters.json('bookmark'));
    },
  };
}

/** The kind of a report follows from what it shows: one funnel, one retention, else metrics. */
export function inlineReport(deps: ReportDeps, asked: Asked, given: unknown): Promise<object> {
  const bookmark = readBookmark(given);
  const { project } = asked;
  const request = readReport(bookmark, {
    queries: deps.queries,
    asked,
    context: { project, nowMs: deps.clock() },
    segmentsMax: readLimit(asked),
  });
  const [entry, ...others] = bookmark.sections.show;
  const behavior = entry?.behavior;
  if (entry && behavior && others.length === 0) {
    if (behavior.type === 'funnel') return funnelReport(request, entry, behavior);
    if (behavior.type === 'retention') return retentionReport(request, entry, behavior);
  }
  return insightsReport(request, bookmark);
}

function readBookmark(given: unknown): Bookmark {
  const parsed = bookmarkSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new ApiError('INVALID_REQUEST', `bookmark: ${describeIssues(parsed.error)}`);
}

const limitMax = 50_000;

/** `queryLimits: {"limit": 3000}`. */
function readLimit({ parameters }: Asked): number {
  const given = parameters.json('queryLimits') as { readonly limit?: unknown } | undefined | null;
  const limit = given?.limit ?? 3000;
  if (typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 && limit <= limitMax)
    return limit;
  return parameters.refuse('queryLimits', `limit must be a whole number from 1 to ${limitMax}`);
}
