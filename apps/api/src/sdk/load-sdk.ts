import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ApiError } from '../errors.ts';
import type { SdkFile } from './sdk-file.ts';
import { prepareSdkFile } from './sdk-file.ts';

/**
 * The SDK's code: built from source in development, where nobody runs the build first; read from what
 * the build wrote otherwise. Loaded on first use and kept; a failure is not kept.
 */
export function createSdkLoader({ dev }: { readonly dev: boolean }): () => Promise<SdkFile> {
  let loading: Promise<SdkFile> | null = null;
  return () => {
    loading ??= (dev ? buildFromSource() : readBuilt())
      .then(prepareSdkFile)
      .catch((cause: unknown) => {
        loading = null;
        throw new ApiError('UNAVAILABLE', 'the browser sdk is not built: run the build', { cause });
      });
    return loading;
  };
}

async function buildFromSource(): Promise<string> {
  const { buildSdk } = await import('@arbor/sdk-js/build');
  return (await buildSdk()).code;
}

/** Found by the package's name: this file is bundled into another folder. */
async function readBuilt(): Promise<string> {
  const manifest = createRequire(import.meta.url).resolve('@arbor/sdk-js/package.json');
  return readFile(path.join(path.dirname(manifest), 'dist/arbor.js'), 'utf8');
}
