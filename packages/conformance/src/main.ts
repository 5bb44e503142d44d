import { generateSources } from '@arbor/local-stack/prepare';

// Program: `pnpm conformance`, see `--help`. The rest is loaded afterwards, because the database client that
// the stack imports is generated code, which a fresh checkout has not got.
await generateSources();
await import('./run-conformance.ts');
