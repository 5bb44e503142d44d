import type { Properties } from '@arbor/schema/property-value';
import Bowser from 'bowser';
import { workerLimits } from '../limits.ts';
import { LruCache } from '../lru-cache.ts';

/** Names that Mixpanel's browser library uses for what bowser calls otherwise. */
const browserNames: Readonly<Record<string, string>> = {
  'Samsung Internet for Android': 'Samsung Internet',
  'Opera Mini': 'Opera Mini',
  'UC Browser': 'UC Browser',
};
const systemNames: Readonly<Record<string, string>> = {
  macOS: 'Mac OS X',
  'Chrome OS': 'Chrome OS',
};

/** Reads `$browser`, `$browser_version`, `$os` and `$device` out of a user agent; unknown parts are left out. */
export function createUserAgentReader(): (agent: string) => Properties {
  const known = new LruCache<string, Properties>(workerLimits.userAgentCacheEntriesMax);
  return function readUserAgent(agent) {
    if (agent === '' || agent.length > workerLimits.userAgentCharactersMax) return {};
    let properties = known.get(agent);
    if (properties === undefined) known.set(agent, (properties = parse(agent)));
    return properties;
  };
}

function parse(agent: string): Properties {
  const { browser, os, platform } = Bowser.parse(agent);
  const version = /^\d+(\.\d+)?/.exec(browser.version ?? '')?.[0];
  const name = browserName(browser.name, os.name);
  const system = os.name === undefined ? undefined : (systemNames[os.name] ?? os.name);
  return {
    ...(name ? { $browser: name } : {}),
    ...(version ? { $browser_version: Number(version) } : {}),
    ...(system ? { $os: system } : {}),
    ...(platform.model ? { $device: platform.model } : {}),
  };
}

function browserName(name: string | undefined, system: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  if (name === 'Safari' && system === 'iOS') return 'Mobile Safari';
  if (name === 'Chrome' && system === 'iOS') return 'Chrome iOS';
  return browserNames[name] ?? name;
}
