import { ApiError } from '../../errors.ts';
import { askQuery, inTurns } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { DataDeps } from './data-deps.ts';

type Size = { readonly count: number } | { readonly count: null; readonly error: string };

/**
 * `/cohorts/list` (`query-api.md` 9). `count` is of now: cohorts are worked out when they are asked for (decision 9). One
 * that means nothing any more (what it names went, or it was saved when less was checked) has none, and says why.
 */
export function cohortList({ definitions, queries }: DataDeps): Endpoint {
  return {
    path: '/cohorts/list',
    handle: async (asked: Asked) => {
      const { project } = asked;
      const saved = await definitions.list(project, 'cohort', { archived: false });
      const sizeOf = async (id: string): Promise<Size> => {
        try {
          const { users } = await askQuery(queries, asked, {
            type: 'cohort',
            filters: [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id }] }],
          });
          return { count: users };
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== 'INVALID_QUERY') throw error;
          return { count: null, error: error.message };
        }
      };
      return inTurns(saved, async ({ id, name, description, createdAt, definition, uploaded }) => {
        const isEmpty = definition.type === 'frozen' && uploaded === null;
        return {
          id,
          project_id: project.id,
          name,
          description,
          ...(isEmpty ? { count: 0 } : await sizeOf(id)),
          is_visible: 1,
          created: createdAt.slice(0, 19).replace('T', ' '),
        };
      });
    },
  };
}
