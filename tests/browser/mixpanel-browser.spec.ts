import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import {
  call,
  type ClientWindow,
  groupsBehind,
  openClient,
  profilesBehind,
  storedEvents,
} from './mixpanel-site.ts';
import { expectStored, expectUsers } from './sdk-site.ts';
import { apiUrl } from './stack.ts';

/*
 * The official browser client, unmodified (ingestion-api.md 13.1): what it is answered and what is stored, as the two zones
 * and the query API tell it.
 */

/** Tells the events of one run from those of another. */
const newMark = (): string => `mpb${Date.now().toString(36)}`;
const accepted = { status: 200, body: '{"status":1,"error":null}' };
const often = { batch_flush_interval_ms: 100 };

test('in batches: events with super properties, who is who, people and groups', async ({
  context,
}) => {
  const mark = newMark();
  const client = await openClient(context, often);
  const { page } = client;
  await call(page, 'register', { theme: 'dark' });
  await call(page, 'track', `${mark} seen`, { section: 'home' });
  await call(page, 'identify', `${mark}-ada`);
  await call(page, 'track', `${mark} seen`, { section: 'end' });
  await call(page, 'alias', `${mark}-alias`);
  await call(page, 'people.set', { plan: 'free', visits: 1, tags: ['a'], gone: 1 });
  await call(page, 'people.set_once', { plan: 'pro', first: 'yes' });
  await call(page, 'people.increment', 'visits', 2);
  await call(page, 'people.union', { tags: ['b'] });
  await call(page, 'people.unset', 'gone');
  await call(page, 'set_group', 'company', `${mark}-acme`);
  await page.evaluate((id) => {
    const { mixpanel } = window as unknown as ClientWindow;
    mixpanel.get_group('company', id).set({ plan: 'pro' });
    mixpanel.track_with_groups('bought', {}, { company: id });
  }, `${mark}-acme`);
  await call(page, 'track', `${mark} done`);

  await expectStored(`${mark} seen`, 2);
  await expectStored(`${mark} done`, 1);
  const [end, home] = await storedEvents(`${mark} seen`);
  expect(home).toMatchObject({ section: 'home', theme: 'dark', mp_lib: 'web' });
  expect(home).not.toHaveProperty('token');
  expect(end).toMatchObject({ section: 'end', theme: 'dark', $user_id: `${mark}-ada` });
  expect((await storedEvents(`${mark} done`))[0]).toMatchObject({ company: [`${mark}-acme`] });

  // A server knows him by his alias.
  const properties = { token: demoProject.token, distinct_id: `${mark}-alias` };
  const body = JSON.stringify({ event: `${mark} seen`, properties });
  expect(await (await fetch(`${apiUrl}/track`, { method: 'POST', body })).text()).toBe('1');
  await expectStored(`${mark} seen`, 3);
  await expectUsers(`${mark} seen`, 1);
  const names = ['plan', 'visits', 'tags', 'gone', 'first', 'company'];
  const wanted = { plan: 'free', visits: 3, tags: ['a', 'b'], first: 'yes' };
  await expect
    .poll(() => profilesBehind(`${mark} seen`, names))
    .toEqual([{ ...wanted, company: [`${mark}-acme`] }]);
  await expect.poll(() => groupsBehind(`${mark} done`, 'company', 'plan')).toEqual({ pro: 1 });

  expect(client.errors).toEqual([]);
  expect(new Set(client.answers.map(({ path }) => path))).toEqual(
    new Set(['/track/', '/engage/', '/groups/']),
  );
  for (const answer of client.answers) expect(answer).toMatchObject(accepted);
  await client.close();
});

test('one by one, without batches: each call is told that it was taken', async ({ context }) => {
  const mark = newMark();
  const client = await openClient(context, { batch_requests: false });
  const told = await client.page.evaluate(async (name) => {
    const { mixpanel } = window as unknown as ClientWindow;
    const answer = (send: (done: (response: unknown) => void) => void): Promise<unknown> =>
      new Promise((resolve) => send(resolve));
    // Its types do not know of the callback.
    const group = mixpanel.get_group('company', `${name}-zen`) as unknown as {
      set(properties: object, done: (response: unknown) => void): void;
    };
    mixpanel.identify(`${name}-bob`);
    return [
      await answer((done) => mixpanel.track(`${name} seen`, { n: 1 }, done)),
      await answer((done) => mixpanel.people.set({ plan: 'pro' }, done)),
      await answer((done) => group.set({ n: 1 }, done)),
    ];
  }, mark);
  expect(told).toEqual([1, 1, 1]);
  await expectStored(`${mark} seen`, 1);
  expect(await storedEvents(`${mark} seen`)).toMatchObject([{ n: 1, $user_id: `${mark}-bob` }]);
  await expect.poll(() => profilesBehind(`${mark} seen`, ['plan'])).toEqual([{ plan: 'pro' }]);
  expect(client.errors).toEqual([]);
  for (const answer of client.answers) expect(answer).toMatchObject({ status: 200, body: '1' });
  await client.close();
});

test('by a beacon when the page goes, and once more by the next page: stored once', async ({
  context,
}) => {
  const mark = newMark();
  const client = await openClient(context, { batch_flush_interval_ms: 600_000 });
  const { page } = client;
  const { href } = new URL(page.url());
  // What it sends when it begins is nothing yet.
  const isBusy = () =>
    page.evaluate(() => {
      const { mixpanel } = window as unknown as {
        mixpanel: { request_batchers: { events: { requestInProgress: boolean } } };
      };
      return mixpanel.request_batchers.events.requestInProgress;
    });
  await expect.poll(isBusy).toBe(false);
  await call(page, 'track', `${mark} left`, { n: 1 });
  await call(page, 'track', `${mark} left`, { n: 2 });
  const isQueued = () =>
    page.evaluate((name) => JSON.stringify(localStorage).split(name).length - 1, `${mark} left`);
  await expect.poll(isQueued).toBe(2);
  await page.goto('about:blank');
  // Nothing but the beacon went out: what is sent otherwise has an answer, and stays ten minutes in the queue.
  expect(client.answers).toEqual([]);
  await expectStored(`${mark} left`, 2);
  // A page takes what another left when that had two of its intervals to send it.
  await page.clock.setFixedTime(Date.now() + 30 * 60_000);
  await page.goto(href);
  await expect.poll(() => client.answers).toMatchObject([{ path: '/track/', ...accepted }]);
  await expect.poll(isQueued).toBe(0);
  // One more comes behind what was sent again.
  await call(page, 'track', `${mark} back`, {}, { send_immediately: true });
  await expectStored(`${mark} back`, 1);
  await expectStored(`${mark} left`, 2);
  expect(client.errors).toEqual([]);
  await client.close();
});

test('offline, then online: everything arrives, once', async ({ context }) => {
  const mark = newMark();
  const client = await openClient(context, often);
  const { page } = client;
  await call(page, 'track', `${mark} step`, { n: 0 });
  await expectStored(`${mark} step`, 1);
  const failed = page.waitForEvent('requestfailed');
  await context.setOffline(true);
  for (let n = 1; n <= 60; n++) await call(page, 'track', `${mark} step`, { n });
  await failed;
  await context.setOffline(false);
  await expectStored(`${mark} step`, 61);
  const stored = await storedEvents(`${mark} step`);
  expect(stored.map(({ n }) => Number(n)).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 61 }, (_, n) => n),
  );
  expect(client.errors).toEqual([]);
  for (const answer of client.answers) expect(answer).toMatchObject(accepted);
  await client.close();
});

test('with recording on: what is sent with gzip is answered, and events say which recording they are in', async ({
  context,
}) => {
  const mark = newMark();
  const client = await openClient(context, { ...often, record_sessions_percent: 100 });
  const { page } = client;
  const packed = page.waitForRequest((request) => request.url().startsWith(`${apiUrl}/record/`));
  const request = await packed;
  await call(page, 'track', `${mark} seen`);
  expect(new URL(request.url()).searchParams.get('format')).toBe('gzip');
  await expect
    .poll(() => client.answers.filter(({ path }) => path === '/record/'))
    .toMatchObject([{ status: 200, body: '{"code":200,"status":"OK"}' }]);
  await expectStored(`${mark} seen`, 1);
  const replay = new URL(request.url()).searchParams.get('replay_id');
  expect(await storedEvents(`${mark} seen`)).toMatchObject([{ $mp_replay_id: replay }]);
  expect(client.errors).toEqual([]);
  await client.close();
});
