import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { minify } from 'terser';
import { version } from './core.ts';

/** Browsers the SDK promises to run in; an older one ends the script at its first line. */
const target = ['es2020', 'chrome88', 'firefox85', 'safari14'];

/** Parts that are loaded on their own, by the name the tag asks for (`<script's name>.<part>.js`). */
export const sdkParts = ['pages'] as const;
export type SdkPart = (typeof sdkParts)[number];

/** What lies together in the file of a part. */
const partModules: Record<SdkPart, readonly string[]> = { pages: ['pages.ts', 'repair.ts'] };

/** As it stands in the script for whoever serves it to put his own path in its place. */
export const endpointMark = '"/e"';

/** Entries of the package. */
export const sdkEntries = ['arbor', 'pages', 'repair', 'mixpanel'] as const;

export interface SdkBuild {
  readonly code: string;
  readonly version: string;
}

/** The script-tag build as the API serves it at `/sdk/arbor.js`. */
export const buildSdk = (): Promise<SdkBuild> => bundle(['script-entry.ts'], 'iife');

/** A part, as a module that the tag imports beside itself. */
export const buildPart = (part: SdkPart): Promise<SdkBuild> => bundle(partModules[part], 'esm');

/** An entry of the package, for bundlers and for `require`. */
export const buildEntry = (entry: string, format: 'esm' | 'cjs'): Promise<SdkBuild> =>
  bundle([`${entry}.ts`], format);

/**
 * Names of objects that never leave the SDK or reach the disk; the build shortens them, equally in all
 * files. A name that a page, a stored identity, the wire or the browser knows must not stand here.
 */
const internalNames =
  'moment whenAllowed keeper chunks parts seal finish release nudge isAllowed onClock recordsMax bytesMax ' +
  'characters monotonic watch refusesTracking names allow onTrouble loadRepair ' +
  'sentCount waitMs mostMs isOver offset isMistake retryAfter serverNow post uuid after tab take ' +
  'oldest onDrop page putEvent putUpdate joinUser write read';
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const shortNames = Object.fromEntries(
  internalNames.split(' ').map((name, i) => [name, letters[i] ?? `_${i}`]),
);

async function bundle(
  modules: readonly string[],
  format: 'iife' | 'esm' | 'cjs',
): Promise<SdkBuild> {
  const [entry = ''] = modules;
  const { outputFiles } = await build({
    ...(modules.length === 1
      ? { entryPoints: [path.join(import.meta.dirname, entry)] }
      : {
          stdin: {
            contents: modules.map((module) => `export * from './${module}';`).join('\n'),
            resolveDir: import.meta.dirname,
            loader: 'ts' as const,
          },
        }),
    bundle: true,
    minify: true,
    mangleProps: new RegExp(`^(${internalNames.replaceAll(' ', '|')})$`),
    mangleCache: shortNames,
    write: false,
    format,
    target,
    // Safari 14's destructuring has a flaw in nested default values, and optional chains of Chrome before
    // 91 one in arguments that are spread; this code has neither. esbuild would rewrite all of them.
    // `??=` is later than the target's year, but all of its browsers know it.
    supported: { destructuring: true, 'optional-chain': true, 'logical-assignment': true },
    legalComments: 'none',
    plugins: [besides],
  });
  // Finds more to leave out than esbuild does, which it takes to bundle.
  const { code } = await minify(outputFiles[0]?.text ?? '', {
    ecma: 2020,
    module: format === 'esm',
    toplevel: true,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
  });
  return { code: code ?? '', version };
}

/** A mo/** A module that is imported when it is needed stays a file of its own, beside the one that asks. */
const besides: Plugin = {
  name: 'besides',
  setup(into) {
    into.onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path: asked }) =>
      kind === 'dynamic-import' ? { path: asked.replace(/ts$/, 'mjs'), external: true } : undefined,
    );
  },
};
