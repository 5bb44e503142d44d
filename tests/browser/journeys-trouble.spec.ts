/** Journeys of `ux.md` 28 in which something goes wrong, or too much comes; `journeys.md` says where each of them is. */
import { expect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { readRunFile } from '@arbor/local-stack/run-file';
import { inParallel, sendUntilAccepted } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';
import { servePage } from './page-server.ts';
import { newProject } from './own-project.ts';
import { openRelay } from './relay.ts';
import { apiUrl, dataDir } from './stack.ts';

type Sent = { readonly name: string; readonly user: string };

async function send(token: string, events: readonly Sent[]): Promise<void> {
  await sendUntilAccepted(
    apiUrl,
    events.map(({ name, user }) => ({
      event: name,
      properties: { token, distinct_id: user, time: Date.now(), $insert_id: `${name} ${user}` },
    })),
  );
}

/** What the rows of Live say, of a list that is drawn whole. */
const rowTexts = (page: Page): Promise<string[]> =>
  page.locator('[data-testid="live-row"][data-kind="event"]').allInnerTexts();

/** How many rows say each name. */
async function seenIn(page: Page, names: readonly string[]): Promise<number[]> {
  const rows = await rowTexts(page);
  return names.map((name) => rows.filter((row) => row.includes(name)).length);
}

test('J3: a page with a wrong token is named in Connect, with its token and its site', async ({
  page,
  browser,
}) => {
  await newProject(page, 'Wrong token');
  await expect(page.getByTestId('connect-waiting')).toHaveAttribute('data-connected', 'false');
  const token = `f00d${Date.now().toString(16)}${'0'.repeat(20)}`.slice(0, 32);
  const site = await servePage(`
    void fetch(${JSON.stringify(`${apiUrl}/track`)}, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ event: 'Hello', properties: { token: ${JSON.stringify(token)}, distinct_id: 'me' } }]),
    });
  `);
  const visitor = await browser.newContext();
  try {
    await (await visitor.newPage()).goto(site.url);
    const cause = page.getByTestId('connect-unknown-token');
    await expect(cause).toContainText(`no project has the token "${token.slice(0, 8)}…"`);
    await expect(cause).toContainText(new URL(site.url).origin);
    await expect(cause).not.toContainText(token);
  } finally {
    await visitor.close();
    await site.close();
  }
});

test('J12: a replica dies while a board loads: every card is complete, none shows an error', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const storageOf = (zone: string) =>
    readRunFile(dataDir)?.processes.find((one) => one.role === 'storage' && one.zone === zone);
  const victim = storageOf('a');
  if (victim === undefined) throw new Error('no storage process of zone a runs');
  let killed = false;
  await page.route('**/trpc/query.*', async (route) => {
    if (!killed) process.kill(victim.pid, 'SIGKILL');
    killed = true;
    await route.continue();
  });
  await page.goto(`/p/${demoProject.id}/boards/1`);
  const cards = page.getByTestId('board-card');
  await expect(cards.first()).toBeVisible();
  const count = await cards.count();
  expect(count).toBeGreaterThan(2);
  for (let n = 0; n < count; n++) {
    const card = cards.nth(n);
    // Cards that are far from the view ask when they come near.
    await card.scrollIntoViewIfNeeded();
    await expect(
      card.locator('[data-answer="complete"], [data-testid="card-text"]').first(),
    ).toBeVisible({
      timeout: 60_000,
    });
  }
  expect(killed).toBe(true);
  await expect(page.getByTestId('report-error')).toHaveCount(0);
  await expect(page.getByTestId('query-progress')).toHaveCount(0);

  // What comes after this test finds both replicas again.
  await until(
    async () => {
      const again = storageOf('a');
      if (again === undefined || again.pid === victim.pid) return false;
      return (await fetch(`http://127.0.0.1:${again.port}/readyz`)).ok;
    },
    (ready) => ready,
    { timeoutMs: 90_000, everyMs: 250 },
  );
});

test('J17: more comes than can be read: Live says so, answers presses, and is exact for one user', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const { id, token } = await newProject(page, 'Flood');
  await page.goto(`/p/${id}/live`);
  await expect(page.getByTestId('live-state')).toHaveText('Listening');
  const flood = (from: number): Sent[][] =>
    Array.from({ length: 20 }, (_, batch) =>
      Array.from({ length: 200 }, (__, n) => ({
        name: `Flood ${from + batch * 200 + n}`,
        user: n === 7 ? 'seven' : `user ${n}`,
      })),
    );
  const sending = inParallel(flood(0), 4, (events) => send(token, events));
  await expect(page.getByTestId('live-sample')).toContainText(/showing 50 of [\d,. ]+ a second/);
  await page.keyboard.press('Space');
  await expect(page.getByTestId('live-waiting')).toBeVisible();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('live-waiting')).toHaveCount(0);
  await sending;

  await page.setViewportSize({ width: 1440, height: 6000 });
  await page.goto(`/p/${id}/live?user=nobody`);
  await expect(page.getByTestId('live-empty')).toBeVisible();
  await page.getByTestId('live-user').fill('seven');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('live-state')).toHaveText('Listening');
  const mine = flood(4000).flatMap((events) => events.filter(({ user }) => user === 'seven'));
  await inParallel(flood(4000), 4, (events) => send(token, events));
  await expect
    .poll(
      () =>
        seenIn(
          page,
          mine.map(({ name }) => name),
        ),
      { timeout: 60_000 },
    )
    .toEqual(mine.map(() => 1));
  await expect(page.getByTestId('live-sample')).toHaveCount(0);
});

test('J18: offline for a minute while Live is open: nothing is missing after it, and nothing is twice', async ({
  page,
  baseURL,
}) => {
  test.setTimeout(420_000);
  // The whole list is drawn, not the part of it in view.
  await page.setViewportSize({ width: 1440, height: 6000 });
  const { id, token } = await newProject(page, 'Offline');
  const named = (part: string, count: number): Sent[] =>
    Array.from({ length: count }, (_, n) => ({ name: `${part}-${n}.`, user: 'ann' }));
  const [before, meanwhile, after] = [
    named('before', 5),
    named('meanwhile', 60),
    named('after', 5),
  ];
  const relay = await openRelay(baseURL ?? '');
  await page.goto(`${relay.url}/p/${id}/live`);
  await expect(page.getByTestId('live-state')).toHaveText('Listening');
  await send(token, before);
  await expect
    .poll(() =>
      seenIn(
        page,
        before.map(({ name }) => name),
      ),
    )
    .toEqual(before.map(() => 1));

  const offlineAt = Date.now();
  relay.cut();
  await expect(page.getByTestId('live-state')).toHaveText('Connecting', { timeout: 60_000 });
  for (const event of meanwhile) {
    await send(token, [event]);
    // One a second: Live thins what comes faster than anybody reads.
    const wait = offlineAt + (meanwhile.indexOf(event) + 1) * 1000 - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  expect(Date.now() - offlineAt).toBeGreaterThanOrEqual(60_000);
  expect(
    await seenIn(
      page,
      meanwhile.map(({ name }) => name),
    ),
  ).toEqual(meanwhile.map(() => 0));
  relay.mend();
  await expect(page.getByTestId('live-state')).toHaveText('Listening', { timeout: 60_000 });
  await send(token, after);
  const all = [...before, ...meanwhile, ...after].map(({ name }) => name);
  await expect.poll(() => seenIn(page, all), { timeout: 60_000 }).toEqual(all.map(() => 1));
  await relay.close();
});
