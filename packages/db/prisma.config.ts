import path from 'node:path';
import { defineConfig } from 'prisma/config';

// The CLI wants to download its schema engine, even to generate a client. It is content with a file
// at this path; ours speaks its protocol over the engine's WebAssembly build, which npm carries.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= path.join(
  import.meta.dirname,
  'tools/schema-engine.mjs',
);
// No version check against a server of the vendor.
process.env.CHECKPOINT_DISABLE ??= '1';

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only the migration commands connect; `generate` works without a database.
  ...(process.env.DATABASE_URL === undefined
    ? {}
    : { datasource: { url: process.env.DATABASE_URL } }),
});
