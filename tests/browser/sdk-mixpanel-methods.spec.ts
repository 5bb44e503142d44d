import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { servePage } from './page-server.ts';

/** T28 of `browser-sdk.md` 15: what the types of mixpanel-browser declare is there, under the same names. */
test('T28 no documented method of mixpanel-browser is missing', async ({ page }) => {
  const manifest = createRequire(import.meta.url).resolve('mixpanel-browser/package.json');
  const types = fs.readFileSync(path.join(path.dirname(manifest), 'src/index.d.ts'), 'utf8');
  /** The methods that a declared interface has. */
  const methodsOf = (name: string): string[] => {
    const pattern = new RegExp(`export interface ${name} \\{\\n([^]*?)\\n\\}`);
    const [, body = ''] = pattern.exec(types) ?? [];
    return [...body.matchAll(/^ {2}(\w+)[(<]/gm)].map(([, method = '']) => method);
  };
  const documented = {
    '': methodsOf('Mixpanel'),
    people: methodsOf('People'),
    flags: methodsOf('FlagsManager'),
    group: methodsOf('Group'),
  };
  expect(documented[''].length).toBeGreaterThan(30);
  expect(documented.group.length).toBeGreaterThan(4);
  const site = await servePage(`
    import mixpanel from '@arbor/sdk-js/mixpanel';
    mixpanel.init('0123456789abcdef0123456789abcdef');
    const { people, flags } = mixpanel;
    window.holders = { '': mixpanel, people, flags, group: mixpanel.get_group('company', 'acme') };
  `);
  await page.goto(site.url);
  const missing = await page.evaluate((wanted) => {
    const { holders } = window as unknown as { holders: Record<string, Record<string, unknown>> };
    return Object.entries(wanted).flatMap(([holder, names]) =>
      names
        .filter((name) => typeof holders[holder]?.[name] !== 'function')
        .map((name) => `${holder}.${name}`),
    );
  }, documented);
  await site.close();
  expect(missing).toEqual([]);
});
