import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { minify } from 'terser';
import { version } from './core.ts';

/** Browsers the SDK promises to run in; an older one ends the script at its first line. */
const target = ['es2020', 'chrome88', 'firefox85', 'safari14'];

/** Parts that are loaded on their own, by the name the tag asks for (`<script's name>.<part>.js`). */
export const sdkParts = ['pages', 'stores', 'autocapture', 'vitals', 'link'] as const;
export type SdkPart = (typeof sdkParts)[number];

/** What lies together in the file of a part. */
const partModules: Record<SdkPart, readonly string[]> = {
  pages: ['begin.ts', 'repair.ts'],
  stores: ['stores.ts'],
  autocapture: ['autocapture.ts'],
  vitals: ['vitals.ts'],
  link: ['link.ts'],
};

/** As it stands in the script for whoever serves it to put his own path in its place. */
export const endpointMark = '"/e"';

/** Entries of the package, and what the core loads when it needs it: in trouble, in old browsers, and in debug. */
export const sdkEntries = [
  'arbor',
  'pages',
  'autocapture',
  'vitals',
  'link',
  'cookie',
  'migrate',
  'mixpanel',
  'react',
  'server',
  'repair',
  'seldom',
] as const;

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
  'keeper moment lose report parts after erase finish refusesTracking watch mark disk putUpdate ' +
  'openStorage names steady nudge uuid settings read waitMs monotonic offset isBusy seal putEvent ' +
  'loadRepair joinUser countRecords reply chunks post isAllowed askRepair write whenAllowed ' +
  'serverNow isMistake isUnseen release characters failures put allow forget tab page answer';
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
    minifySyntax: true,
    minifyIdentifiers: true,
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
    external: ['react'],
    plugins: [besides],
  });
  // Finds more to leave out than esbuild does, which it takes to bundle.
  const { code } = await minify(outputFiles[0]?.text ?? '', {
    ecma: 2020,
    // Of the tag too: its function needs no words about strictness.
    module: format !== 'cjs',
    toplevel: true,
    compress: {
      passes: 5,
      pure_getters: true,
      unsafe_arrows: true,
      unsafe_comps: true,
      hoist_funs: true,
    },
  });
  // For a framework that renders on servers too: hooks are the browser's.
  const directive = entry === 'react.ts' ? `'use client';` : '';
  return { code: directive + code, version };
}

/** A module that is imported when it is needed stays a file of its own, beside the one that asks. */
const besides: Plugin = {
  name: 'besides',
  setup(into) {
    const extension = into.initialOptions.format === 'cjs' ? 'cjs' : 'mjs';
    into.onResolve({ filter: /^\.\/.*\.ts$/ }, ({ kind, path: asked, importer }) => {
      // A chunk that is loaded late is a module everywhere.
      if (kind === 'dynamic-import') return { path: asked.replace(/ts$/, 'mjs'), external: true };
      // The binding shares the client with who imports it without the binding.
      const isOfBinding = importer.endsWith('react.ts') && kind === 'import-statement';
      return isOfBinding ? { path: asked.replace(/ts$/, extension), external: true } : undefined;
    });
  },
};
