import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { version } from './core.ts';

/** Browsers the SDK promises to run in; an older one ends the script at its first line. */
const target = ['es2020', 'chrome88', 'firefox85', 'safari14'];

/** Parts that are loaded on their own, by the name the tag asks for (`<script's name>.<part>.js`). */
export const sdkParts = ['pages'] as const;
export type SdkPart = (typeof sdkParts)[number];

/** As it stands in the script for whoever serves it to put his own path in its place. */
export const endpointMark = '"/e"';

/** Entries of the package. */
export const sdkEntries = ['arbor', 'pages', 'mixpanel'] as const;

export interface SdkBuild {
  readonly code: string;
  readonly version: string;
}

/** The script-tag build as the API serves it at `/sdk/arbor.js`. */
export const buildSdk = (): Promise<SdkBuild> => bundle('script-entry.ts', 'iife');

/** A part, as a module that the tag imports beside itself. */
export const buildPart = (part: SdkPart): Promise<SdkBuild> => bundle(`${part}.ts`, 'esm');

/** An entry of the package, for bundlers and for `require`. */
export const buildEntry = (entry: string, format: 'esm' | 'cjs'): Promise<SdkBuild> =>
  bundle(`${entry}.ts`, format);

/**
 * Names of objects that never leave the bundle or reach the disk; the build shortens them. A name that a
 * page, a stored identity or the wire knows must not stand here.
 */
const internalNames =
  'moment whenAllowed keeper chunks parts seal finish release nudge isAllowed onClock recordsMax bytesMax ' +
  'characters monotonic onHidden onAwake refusesTracking names serverNow waitMs isMistake retryAfter allow';

async function bundle(entry: string, format: 'iife' | 'esm' | 'cjs'): Promise<SdkBuild> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    mangleProps: new RegExp(`^(${internalNames.replaceAll(' ', '|')})$`),
    write: false,
    format,
    target,
    // Safari 14's destructuring has a flaw in nested default values, and optional chains of Chrome before
    // 91 one in arguments that are spread; this code has neither. esbuild would rewrite all of them.
    supported: { destructuring: true, 'optional-chain': true },
    legalComments: 'none',
  });
  return { code: outputFiles[0]?.text ?? '', version };
}
