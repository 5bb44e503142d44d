import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ApiError } from '../errors.ts';
import type { SdkFile } from './sdk-file.ts';
import { prepareSdkFile } from './sdk-file.ts';

/** What the tag loads beside the script when it is needed (`build.ts` of the SDK, `sdkParts`). */
export const sdkPartNames = ['pages', 'stores', 'autocapture', 'vitals', 'link'] as const;
export type SdkPartName = (typeof sdkPartNames)[number];

/** What the API serves of the SDK: the script of the tag, and its parts. */
export interface SdkFiles {
  readonly version: string;
  readonly script: SdkFile;
  /** Of the script, for an `integrity` attribute. */
  readonly integrity: string;
  /** Optional first lines of a page, to be copied into it. */
  readonly stub: string;
  readonly parts: Readonly<Record<SdkPartName, SdkFile>>;
}

/** Code as it was built, before the operator's endpoint is in it. */
interface SdkCode {
  readonly version: string;
  readonly script: string;
  readonly stub: string;
  /** In the order of the names. */
  readonly parts: readonly string[];
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
      .then((code) => prepareSdkFiles(code, endpoint))
      .catch((cause: unknown) => {
        loading = null;
        throw new ApiError('UNAVAILABLE', 'the browser sdk is not built: run the build', { cause });
      });
    return loading;
  };
}

export function prepareSdkFiles(
  { version, script, stub, parts }: SdkCode,
  endpoint: string,
): SdkFiles {
  const served = script.replaceAll(endpointMark, JSON.stringify(endpoint));
  return {
    version,
    script: prepareSdkFile(served),
    integrity: `sha384-${createHash('sha384').update(served).digest('base64')}`,
    stub,
    parts: Object.fromEntries(
      sdkPartNames.map((name, i) => [name, prepareSdkFile(parts[i] ?? '')]),
    ) as Record<SdkPartName, SdkFile>,
  };
}

async function buildFromSource(): Promise<SdkCode> {
  const [{ buildSdk, buildPart }, { stub }] = await Promise.all([
    import('@arbor/sdk-js/build'),
    import('@arbor/sdk-js/stub'),
  ]);
  const [{ code, version }, ...parts] = await Promise.all([
    buildSdk(),
    ...sdkPartNames.map(buildPart),
  ]);
  return { version, script: code, stub, parts: parts.map((part) => part.code) };
}

/** Found by the package's name: this file is bundled into another folder. */
async function readBuilt(): Promise<SdkCode> {
  const manifest = createRequire(import.meta.url).resolve('@arbor/sdk-js/package.json');
  const read = (name: string): Promise<string> =>
    readFile(path.join(path.dirname(manifest), name), 'utf8');
  const [text, script, stub, ...parts] = await Promise.all([
    read('package.json'),
    read('dist/arbor.js'),
    read('dist/stub.js'),
    ...sdkPartNames.map((name) => read(`dist/arbor.${name}.js`)),
  ]);
  const { version } = JSON.parse(text) as { version: string };
  return { version, script, stub, parts };
}
