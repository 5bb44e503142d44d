import { ApiError } from '../../errors.ts';
import type { Endpoint } from '../endpoint.ts';

/** `/jql` (`query-api.md` 11): scripts of customers are not run here. */
export function jql(): Endpoint {
  return {
    path: '/jql',
    handle: () => {
      throw new ApiError(
        'INVALID_REQUEST',
        'JQL is not supported: use /api/query/segmentation, /funnels, /retention or /engage, ' +
          "Arbor's own queries (POST /api/v1/projects/<id>/query), or /api/2.0/export and a script of your own",
      );
    },
  };
}
