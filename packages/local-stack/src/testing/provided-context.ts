// Makes `inject('databaseUrl')` typed in every package; tsconfig.base.json lists this file.
import type {} from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** A migrated database of this test run. */
    databaseUrl: string;
    /** An empty Redis of this test run, with the append-only file of the real stack. */
    redisUrl: string;
  }
}
