import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ApiError } from '../errors.ts';
import type { SdkFile } from './sdk-file.ts';
import { prepareSdkFile } from './sdk-file.ts';

/** What the API serves of the SDK: the script of the tag, and the parts that it loads beside itself. */
export interface SdkFiles {
  readonly version: string;
  readonly script: SdkFile;
  readonly pages: SdkFile;
}

/** Code as it was built, before the operator's endpoint is in it. */
interface SdkCode {
  readonly version: string;
  readonly script: string;
  readonly pages: string;
}

/** Where the built script holds the path of its endpoint (`build.ts` of the SDK). */
const endpointMark = '"/e"';

/**
 * The SDK's code: built from source in development, where nobody runs the build first; read from what
 * the build wrote otherwise. Loaded on first use and kept; a failure is not kept. `endpoint` is the path
 * to which the script sends.
 */
export function createSdkLoader({
  dev,
  endpoint,
}: {
  readonly dev: boolean;
  readonly endpoint: string;
}): () => Promise<SdkFiles> {
  let loading: Promise<SdkFiles> | null = null;
  return () => {
    loading ??= (dev ? buildFromSource() : readBuilt())
      .then(({ version, script, pages }) => ({
        version,
        script: prepareSdkFile(script.replace(endpointMark, JSON.stringify(endpoint))),
        pages: prepareSdkFile(pages),
      }))
      .catch((cause: unknown) => {
        loading = null;
        throw new ApiError('UNAVAILABLE', 'the browser sdk is not built: run the build', { cause });
      });
    return loading;
  };
}

async function buildFromSource(): Promise<SdkCode> {
  const { buildSdk, buildPart } = await import('@arbor/sdk-js/build');
  const [{ code, version }, pages] = await Promise.all([buildSdk(), buildPart('pages')]);
  return { version, script: code, pages: pages.code };
}

/** Found by the package's name: this file is bundled into another folder. */
async function readBuilt(): Promise<SdkCode> {
  const manifest = createRequire(import.meta.url).resolve('@arbor/sdk-js/package.json');
  const read = (name: string): Promise<string> =>
    readFile(path.join(path.dirname(manifest), name), 'utf8');
  const [text, script, pages] = await Promise.all([
    read('package.json'),
    read('dist/arbor.js'),
    read('dist/arbor.pages.js'),
  ]);
  const { version } = JSON.parse(text) as { version: string };
  return { version, script, pages };
}
