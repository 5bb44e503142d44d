import { generateSources } from '@arbor/local-stack/prepare';

// Program: `pnpm bench` and `pnpm bench ingest`, see `--help`. The rest is loaded afterwards, because the database
// client that it imports is generated code, which a fresh checkout has not got.
await generateSources();
if (process.argv[2] === 'ingest') await (await import('./ingest/run-ingest.ts')).runIngest();
else await import('./run-bench.ts');
