import type { Db } from '@arbor/db';
import { EngineError } from '@arbor/engine/errors';
import { ApiError } from '../errors.ts';
import type { PlanContext, QueryEngine, QueryService } from '../dqs/ports.ts';
import { createDefinitionCheck } from './check-definition.ts';
import { createContentStore } from './content-store.ts';
import { createDefinitionStore } from './definition-store.ts';
import { createDefinitions } from './definitions-service.ts';
import { createLexiconStore } from './lexicon-store.ts';
import type { Definitions } from './ports.ts';
import { DefinitionsCache } from './project-definitions.ts';
import type { QueryDefinitions } from './query-definitions.ts';
import { createQueryDefinitions } from './query-definitions.ts';

/** What queries need of definitions, and, once there are queries, the definitions themselves. */
export function composeDefinitions(
  db: Db,
  clock: () => number,
): {
  readonly saved: QueryDefinitions;
  readonly definitions: (rest: {
    readonly engine: Pick<QueryEngine, 'plan'>;
    readonly queries: Pick<QueryService, 'run'>;
  }) => Definitions;
} {
  const cache = new DefinitionsCache(db);
  const contents = createContentStore(db, clock);
  const saved = createQueryDefinitions({ db, cache, contents, clock });
  return {
    saved,
    definitions: ({ engine, queries }) =>
      createDefinitions({
        store: createDefinitionStore(db, clock),
        lexicon: createLexiconStore(db),
        contents,
        check: createDefinitionCheck({
          cache,
          queryDefinitions: saved,
          plan: (query, { timezone, weekStart, quarterStart }, definitions) => {
            const context: PlanContext = {
              timezone,
              weekStart,
              quarterStart,
              nowMs: clock(),
              shardCount: 1,
              definitions,
            };
            try {
              engine.plan(query, context);
            } catch (cause) {
              if (!(cause instanceof EngineError)) throw cause;
              throw new ApiError('INVALID_QUERY', cause.message, { cause });
            }
          },
        }),
        queries,
        clock,
      }),
  };
}
