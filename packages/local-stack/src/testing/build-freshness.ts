import fs from 'node:fs';
import path from 'node:path';
import { packagesOf } from '../reload.ts';
import { repository } from '../repository.ts';

/** Built apps and what they are made from. The dashboard needs the API's router type only to compile. */
const bundles = { api: 'dist/main.mjs', worker: 'dist/main.mjs', demo: 'dist/main.mjs' } as const;
const standalone = '.next/standalone/apps/web/server.js';

/**
 * True when every built app that such a stack runs is newer than each of its sources: a test must
 * never judge yesterday's program.
 */
export function isBuildFresh({ web, demo }: { web: boolean; demo: boolean }): boolean {
  const apps: [string, string][] = [
    ['api', bundles.api],
    ['worker', bundles.worker],
  ];
  if (demo) apps.push(['demo', bundles.demo]);
  if (web) apps.push(['web', standalone]);
  return apps.every(([app, output]) => {
    const directory = repository.app(app);
    const built = modifiedMs(path.join(directory, output));
    const sources = [directory, ...packagesOf(directory)].map((one) => path.join(one, 'src'));
    return built !== null && sources.every((source) => newestMs(source) <= built);
  });
}

function newestMs(directory: string): number {
  if (!fs.existsSync(directory)) return 0;
  let newest = 0;
  for (const entry of fs.readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.includes('.test.')) continue;
    newest = Math.max(newest, modifiedMs(path.join(entry.parentPath, entry.name)) ?? 0);
  }
  return newest;
}

function modifiedMs(file: string): number | null {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
}
