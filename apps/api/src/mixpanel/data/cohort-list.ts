import { askQuery, inTurns } from '../ask.ts';
import type { Asked, Endpoint } from '../endpoint.ts';
import type { DataDeps } from './data-deps.ts';

/** `/cohorts/list` (`query-api.md` 9). `count` is of now: cohorts are worked out when they are asked for (decision 9). */
export function cohortList({ definitions, queries }: DataDeps): Endpoint {
  return {
    path: '/cohorts/list',
    handle: async (asked: Asked) => {
      const { project } = asked;
      const saved = await definitions.list(project, 'cohort', { archived: false });
      const sizeOf = async (id: string): Promise<number> => {
        const { users } = await askQuery(queries, asked, {
          type: 'cohort',
          filters: [{ type: 'cohort', operator: 'in', cohorts: [{ type: 'saved', id }] }],
        });
        return users;
      };
      return inTurns(saved, async ({ id, name, description, createdAt, definition, uploaded }) => {
        const isEmpty = definition.type === 'frozen' && uploaded === null;
        return {
          id,
          project_id: project.id,
          name,
          description,
          count: isEmpty ? 0 : await sizeOf(id),
          is_visible: 1,
          created: createdAt.slice(0, 19).replace('T', ' '),
        };
      });
    },
  };
}
