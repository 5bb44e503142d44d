import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Builds the dashboard and lays the files the browser loads beside the standalone server, which
 * expects them there and does not copy them itself.
 */
const app = path.join(import.meta.dirname, '..');
const next = path.join(app, 'node_modules/next/dist/bin/next');
const built = spawnSync(process.execPath, [next, 'build'], {
  cwd: app,
  stdio: 'inherit',
  env: {
    ...process.env,
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
    ARBOR_BUILD: randomUUID(),
  },
});
if (built.status !== 0) process.exit(built.status ?? 1);

const server = path.join(app, '.next/standalone/apps/web');
fs.cpSync(path.join(app, '.next/static'), path.join(server, '.next/static'), { recursive: true });
