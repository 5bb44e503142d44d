import type { Properties } from '@arbor/schema/property-value';

/** Header names, in lower case, that say what an agent string does not any more. */
export type HintHeaders = (name: string) => string;

/** Asked for where the page's own origin serves the script; others are sent by themselves (`browser-sdk.md` SRV-8). */
export const acceptedHints =
  'Sec-CH-UA-Full-Version-List, Sec-CH-UA-Model, Sec-CH-UA-Platform-Version';

/** The names that a reader of agent strings gives (`apps/worker/src/enrich/user-agent.ts`). */
const browserNames: Readonly<Record<string, string>> = {
  'Google Chrome': 'Chrome',
  'Opera GX': 'Opera',
  HeadlessChrome: 'Chrome',
};
const systemNames: Readonly<Record<string, string>> = {
  macOS: 'Mac OS X',
  'Chromium OS': 'Chrome OS',
};
/** Longer ones are made up. */
const hintCharactersMax = 512;
/** Windows 11 says 13 and more, Windows 10 less, older ones 0 (as its maker documents it). */
const windows11 = 13;

/**
 * Browser, system and device out of the headers `Sec-CH-UA-*`. Browsers that have them write less and less into the agent string:
 * all of Windows is 10 there, and every telephone a "K".
 */
export function readClientHints(header: HintHeaders): Properties {
  const brand = readBrand(header('sec-ch-ua-full-version-list') || header('sec-ch-ua'));
  const platform = textOf(header('sec-ch-ua-platform'));
  const version = systemVersion(platform, textOf(header('sec-ch-ua-platform-version')));
  const model = textOf(header('sec-ch-ua-model'));
  return {
    ...(brand === undefined
      ? {}
      : { $browser: browserNames[brand.name] ?? brand.name, $browser_version: brand.version }),
    ...(platform === '' || platform === 'Unknown'
      ? {}
      : { $os: systemNames[platform] ?? platform }),
    ...(version === '' ? {} : { $os_version: version }),
    ...(model === '' ? {} : { $device: model }),
  };
}

/** A string of a structured header: `"Windows"`. Anything else is as good as none. */
function textOf(item: string): string {
  if (item.length > hintCharactersMax) return '';
  return /^\s*"([^"\\]*)"\s*$/.exec(item)?.[1] ?? '';
}

/** The one of a list of brands that says most: neither the engine's nor the made-up one that keeps readers honest. */
function readBrand(list: string): { name: string; version: number } | undefined {
  if (list.length > hintCharactersMax) return undefined;
  let found: { name: string; version: number } | undefined;
  for (const [, name = '', major = ''] of list.matchAll(/"([^"\\]*)"\s*;\s*v="(\d+(?:\.\d+)?)/g)) {
    if (/not.?a.?brand/i.test(name.replace(/[^a-z]/gi, ''))) continue;
    if (name === 'Chromium' && found !== undefined) continue;
    if (found === undefined || found.name === 'Chromium') found = { name, version: Number(major) };
  }
  return found;
}

function systemVersion(platform: string, version: string): string {
  if (platform !== 'Windows') return version;
  const major = Number(version.split('.', 1)[0]);
  if (version === '' || !(major > 0)) return '';
  return major >= windows11 ? '11' : '10';
}
