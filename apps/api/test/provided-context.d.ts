import 'vitest';

declare module 'vitest' {
  /** What the set-up of the `services` project provides: addresses of real servers, for `inject()`. */
  interface ProvidedContext {
    databaseUrl: string;
    redisUrl: string;
  }
}
