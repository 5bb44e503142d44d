import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { version } from './core.ts';

/** Browsers the SDK promises to run in; an older one ends the script at its first line. */
const target = ['es2020', 'chrome88', 'firefox85', 'safari14'];

/** The script-tag build as the API serves it at `/sdk/arbor.js`. */
export async function buildSdk(): Promise<{ code: string; version: string }> {
  return { code: await bundle('script-entry.ts', 'iife'), version };
}

/** The same as a module, for bundlers. */
export async function buildModule(): Promise<{ code: string; version: string }> {
  return { code: await bundle('arbor.ts', 'esm'), version };
}

async function bundle(entry: string, format: 'iife' | 'esm'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format,
    target,
    // Safari 14's destructuring has a flaw in nested default values, which this code does not use;
    // esbuild would refuse all destructuring for it.
    supported: { destructuring: true },
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}
