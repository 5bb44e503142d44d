import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Starts a worker thread from an entry of ours. In development and tests entries are TypeScript, and a
 * worker does not inherit the loader, so it begins by registering it; the bundle has an `.mjs` of the same
 * name beside the file that starts it.
 *
 * `besides`: `import.meta.url` of the caller; `name`: of the entry, without its suffix.
 */
export function startThread(name: string, besides: string, options: WorkerOptions): Worker {
  if (!new URL(besides).pathname.endsWith('.ts')) {
    return new Worker(new URL(`./${name}.mjs`, besides), options);
  }
  const entry = new URL(`./${name}.ts`, besides).href;
  // Found through the manifest: asked for by name, `require` would be given the build for CommonJS.
  const manifest = createRequire(besides).resolve('tsx/package.json');
  const loader = new URL('dist/esm/api/index.mjs', pathToFileURL(manifest)).href;
  const script =
    `import(${JSON.stringify(loader)}).then(({ register }) => {` +
    ` register(); return import(${JSON.stringify(entry)}); })`;
  return new Worker(script, { ...options, eval: true });
}
