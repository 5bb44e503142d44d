import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { servePage } from './page-server.ts';
import { expectStored, storedByZone } from './sdk-site.ts';
import { apiUrl } from './stack.ts';

/** A page written for mixpanel-browser; `mark` tells the events of one run from those of another. */
const pageOf = (library: string, mark: string): string => `
  ${library}
  mixpanel.init('${demoProject.token}', {
    api_host: '${apiUrl}', batch_flush_interval_ms: 100, persistence: 'localStorage', ignore_dnt: true,
  });
  mixpanel.register({ theme: 'dark' });
  mixpanel.track('${mark} opened', { section: 'home' });
  mixpanel.time_event('${mark} read');
  mixpanel.track('${mark} read', {}, { send_immediately: true });
  mixpanel.identify('${mark}-ada');
  mixpanel.people.set({ $name: 'Ada' });
  mixpanel.people.increment('visits');
  mixpanel.people.union('tags', ['a', 'b']);
  mixpanel.set_group('company', 'acme');
  mixpanel.track_with_groups('${mark} bought', { amount: 42 }, { company: 'acme' });
  mixpanel.get_group('company', 'acme').set({ plan: 'pro' });
  mixpanel.track('${mark} opened', { section: 'end' });
  window.asked = [mixpanel.get_distinct_id(), mixpanel.get_property('theme'), mixpanel.has_opted_out_tracking()];
`;

test('T28 a page written for mixpanel-browser stores the same after changing the import', async ({
  browser,
}) => {
  const found: unknown[] = [];
  const libraries = [
    `import mixpanel from 'mixpanel-browser';`,
    `import mixpanel from '@arbor/sdk-js/mixpanel';`,
  ];
  for (const [i, library] of libraries.entries()) {
    const mark = `mp${i}${Date.now().toString(36)}`;
    const site = await servePage(pageOf(library, mark));
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.goto(site.url);
    await expectStored(`${mark} opened`, 2);
    await expectStored(`${mark} read`, 1);
    await expectStored(`${mark} bought`, 1);
    const asked = await page.evaluate(() => (window as unknown as { asked: unknown[] }).asked);
    const [one] = await storedByZone(`${mark} opened`);
    const users = one?.users;
    found.push({ users, errors, asked: JSON.stringify(asked).replaceAll(mark, '') });
    await context.close();
    await site.close();
  }
  expect(found[1]).toEqual(found[0]);
  expect(found[0]).toMatchObject({ users: 1, errors: [] });
});
