import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** Places in this checkout. The stack is started from its sources, so they are where this file says. */
export const repository = {
  root,
  /** Things that can be made again: a patched binary, an unpacked browser. */
  cache: path.join(root, 'node_modules/.cache/arbor'),
  binary: (name: string): string => path.join(root, 'node_modules/.bin', name),
  app: (name: string): string => path.join(root, 'apps', name),
} as const;
