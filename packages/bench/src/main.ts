import { generateSources } from '@arbor/local-stack/prepare';

// Program: `pnpm bench`, `pnpm bench ingest` and `pnpm bench users`, see `--help`. The rest is loaded afterwards, because the database
// client that it imports is generated code, which a fresh checkout has not got.
await generateSources();
if (process.argv[2] === 'ingest') await (await import('./ingest/run-ingest.ts')).runIngest();
else if (process.argv[2] === 'users') await (await import('./users/run-users.ts')).runUsers();
else await import('./run-bench.ts');
