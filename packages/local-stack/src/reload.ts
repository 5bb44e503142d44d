import fs from 'node:fs';
import path from 'node:path';
import { repository } from './repository.ts';

/** Editors write a file in several steps, and a checkout touches many: one reload for all of them. */
const settleMs = 250;

type Manifest = { name: string; dependencies?: Record<string, string> };

/**
 * Calls `onChange` with the apps whose own sources, or those of a package they depend on, changed.
 * Next watches for itself, so only apps that we start from source are asked for.
 */
export function watchSources(
  apps: readonly string[],
  onChange: (apps: readonly string[]) => void,
): { close(): void } {
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  const note = (app: string): void => {
    changed.add(app);
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => {
      const settled = [...changed];
      changed.clear();
      onChange(settled);
    }, settleMs);
  };
  const watchers = apps.flatMap((app) =>
    [repository.app(app), ...packagesOf(repository.app(app))]
      .map((directory) => path.join(directory, 'src'))
      .filter((directory) => fs.existsSync(directory))
      .map((directory) => watch(directory, () => note(app))),
  );
  return {
    close: () => {
      if (timer !== null) clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}

function watch(directory: string, onChange: () => void): fs.FSWatcher {
  return fs.watch(directory, { recursive: true }, (_event, file) => {
    const isSource = file !== null && /\.(ts|json)$/.test(file) && !file.endsWith('.test.ts');
    if (isSource) onChange();
  });
}

/** Folders of our packages that this one depends on, directly or not. */
export function packagesOf(directory: string): string[] {
  const found = new Map<string, string>();
  const visit = (from: string): void => {
    const manifest = JSON.parse(
      fs.readFileSync(path.join(from, 'package.json'), 'utf8'),
    ) as Manifest;
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (!name.startsWith('@arbor/') || found.has(name)) continue;
      const folder = path.join(repository.root, 'packages', name.slice('@arbor/'.length));
      found.set(name, folder);
      visit(folder);
    }
  };
  visit(directory);
  return [...found.values()];
}
