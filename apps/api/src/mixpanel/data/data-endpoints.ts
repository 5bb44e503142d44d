import type { Endpoint } from '../endpoint.ts';
import { cohortList } from './cohort-list.ts';
import type { DataDeps } from './data-deps.ts';
import { engage } from './engage.ts';
import { engageStats } from './engage-stats.ts';
import { jql } from './jql.ts';
import { exportEndpoint } from './raw-export.ts';
import { streamBookmark } from './stream-bookmark.ts';
import { streamQuery } from './stream-query.ts';

/** Users and events one by one: `query-api.md` 8 to 12. */
export function dataEndpoints(deps: DataDeps): readonly Endpoint[] {
  return [
    engage(deps),
    engageStats(deps),
    cohortList(deps),
    streamQuery(deps),
    streamBookmark(deps),
    jql(),
    exportEndpoint(deps),
  ];
}
