import { querySchema } from '@arbor/schema/query';
import type { QueriedProject, QueryService } from '../dqs/ports.ts';
import { ApiError } from '../errors.ts';
import { csvLine } from '@arbor/schema/csv-rows';

const pageRows = 10_000;

/** A CSV file of those who are in a cohort, asked for page by page, in the order of their ids. */
export async function* cohortMembers(
  queries: Pick<QueryService, 'run'>,
  { project, id, signal }: { project: QueriedProject; id: string; signal: AbortSignal },
): AsyncGenerator<string> {
  const of = {
    type: 'cohort',
    filters: [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id }] }],
  };
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = { type: 'list', of, point: { type: 'cohort' }, limit: pageRows, cursor };
    const { result } = await queries.run({ project, query: querySchema.parse(page), signal });
    if (result.type !== 'list') throw new ApiError('INTERNAL', 'a list was answered with no list');
    const head = cursor === undefined ? csvLine(['distinct_id']) : '';
    yield head + result.users.map((user) => csvLine([user])).join('');
    cursor = result.next;
  }
}
