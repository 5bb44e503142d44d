import { generateSources } from '@arbor/local-stack/prepare';

// Program: `pnpm bench`, see `--help`. The rest is loaded afterwards, because the database client that
// it imports is generated code, which a fresh checkout has not got.
await generateSources();
await import('./run-bench.ts');
