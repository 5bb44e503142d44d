import fs from 'node:fs';
import path from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { accessibilityBreaches } from './accessibility.ts';
import { apiUrl, dataDir, viewUrl } from './stack.ts';

/**
 * A report is saved, put on a board, and shows the same numbers there (ux.md 10 and 18). The one account of a test
 * stack is made by `owner.spec.ts`, which runs before this file; alone, this file makes it.
 */
test.describe.configure({ mode: 'serial' });

const email = 'anna@example.com';
const password = 'correct horse battery staple';
const setupLink = path.join(dataDir, 'setup-link.txt');
/** No other run's: a stack of one's own keeps what it was sent. */
const event = `Poster hung ${Date.now()}`;
const [hung, hangers] = [5, 2];
let context: BrowserContext;
let page: Page;
let projectId = 0;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  if (fs.existsSync(setupLink)) {
    await page.goto(fs.readFileSync(setupLink, 'utf8').trim());
    await page.getByLabel('Your name').fill('Anna Owner');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByLabel('Organisation').fill('Acme');
    await page.getByLabel('First project').fill('Site');
    await page.getByTestId('create-owner').click();
  } else {
    await page.goto('/signin');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByTestId('sign-in').click();
  }
  await expect(page).toHaveURL(/\/p\/\d+\//);
  const session = await page.request.get('/trpc/session.me');
  const { result } = (await session.json()) as {
    result: { data: { json: { projects: { id: number; isDemo: boolean }[] } } };
  };
  projectId = result.data.json.projects.find(({ isDemo }) => !isDemo)?.id ?? 0;
  expect(projectId).toBeGreaterThan(1000);
  await send(await tokenOf());
});
test.afterAll(() => context.close());

async function tokenOf(): Promise<string> {
  const input = encodeURIComponent(JSON.stringify({ json: { projectId } }));
  const response = await page.request.get(`/trpc/project.get?input=${input}`);
  const { result } = (await response.json()) as { result: { data: { json: { token: string } } } };
  return result.data.json.token;
}

async function send(token: string): Promise<void> {
  const time = Math.floor(Date.now() / 1000) - 60;
  const events = Array.from({ length: hung }, (_, n) => ({
    event,
    properties: {
      token,
      time,
      distinct_id: `${event} ${n % hangers}`,
      $insert_id: `${Date.now()}-${n}`,
    },
  }));
  const response = await page.request.post(`${apiUrl}/track`, { data: events });
  expect(response.ok()).toBe(true);
}

const state = {
  range: { preset: '7d' },
  unit: 'day',
  metrics: [
    { event, filters: [], measure: { type: 'total' } },
    { event, filters: [], measure: { type: 'unique' } },
  ],
  filters: [],
  breakdown: null,
  chart: 'number',
};
const figures = (within: Page | ReturnType<Page['getByTestId']>) =>
  within.getByTestId('chart').locator('.text-4xl');

test('a report is saved under a name, and a change of it is not saved by itself', async () => {
  await page.goto(viewUrl(projectId, 'insights', state));
  await expect(async () => {
    await page.getByTestId('query-rerun').click();
    await expect(figures(page).first()).toHaveText(String(hung), { timeout: 2000 });
  }).toPass();
  await page.getByTestId('report-save').click();
  await page.getByTestId('save-name').fill('Posters');
  await page.getByTestId('save-confirm').click();
  await expect(page).toHaveURL(/\/insights\/\d+$/);
  await expect(page.getByTestId('report-title')).toHaveText('Posters');
  await expect(figures(page)).toHaveText([String(hung), String(hangers)]);
  await expect(page.getByTestId('report-save')).toHaveCount(0);

  await page.getByTestId('chart-kind').getByLabel('Bars over the range').click();
  await expect(page.getByTestId('report-edited')).toBeVisible();
  await page.getByRole('button', { name: 'Revert' }).click();
  await expect(page.getByTestId('report-edited')).toHaveCount(0);
  await expect(figures(page)).toHaveText([String(hung), String(hangers)]);
  expect(await accessibilityBreaches(page)).toEqual([]);
});

test('on a board its numbers are those of the report; a text stands beside it', async () => {
  await page.goto(`/p/${projectId}/boards`);
  await page.getByTestId('board-new').click();
  await page.getByTestId('board-title').fill('Wall');
  await page.getByTestId('board-create').click();
  await expect(page.getByTestId('board-empty')).toBeVisible();
  await page.getByTestId('board-edit').click();
  await page.getByTestId('board-add-report').click();
  await page.getByTestId('add-report').filter({ hasText: 'Posters' }).first().click();
  await page.getByTestId('add-report-done').click();
  await page.getByTestId('board-add-text').click();
  await page.getByTestId('card-text-edit').fill('# All the posters');
  // By the keyboard alone: the text goes before the report, and the report becomes wider.
  await page.getByTestId('card-handle').last().focus();
  await page.keyboard.press('ArrowUp');
  await page.getByTestId('card-handle').last().focus();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByTestId('board-card').last()).toHaveAttribute('data-columns', '7');
  await expect(page.getByTestId('board-saved')).toHaveText('Saved');
  await page.getByTestId('board-done').click();

  await page.reload();
  const cards = page.getByTestId('board-card');
  await expect(cards).toHaveCount(2);
  await expect(cards.first()).toContainText('All the posters');
  await expect(cards.last()).toHaveAttribute('data-columns', '7');
  await expect(figures(page)).toHaveText([String(hung), String(hangers)]);
});

test('a board is pinned below Boards for everybody, and taken off again (UX-S1)', async () => {
  const pinned = page.getByTestId('pinned-boards').getByRole('link', { name: 'Wall', exact: true });
  await expect(page.getByTestId('board-grid')).toBeVisible();
  await expect(pinned).toHaveCount(0);
  await page.getByTestId('board-menu').click();
  await page.getByRole('menuitem', { name: 'Pin to the navigation' }).click();
  await expect(pinned).toHaveAttribute('aria-current', 'page');
  expect(await accessibilityBreaches(page)).toEqual([]);
  const board = page.url();
  await page.goto(`/p/${projectId}/insights`);
  await pinned.click();
  await expect(page).toHaveURL(board);
  await expect(figures(page)).toHaveText([String(hung), String(hangers)]);
  await page.getByTestId('board-menu').click();
  await page.getByRole('menuitem', { name: 'Take out of the navigation' }).click();
  await expect(pinned).toHaveCount(0);
});

test('a range for the whole board is in its address, and is that of every report', async () => {
  await page.getByTestId('board-range').click();
  await expect(page).toHaveURL(/q=/);
  await page.goto(
    viewUrl(projectId, new URL(page.url()).pathname.split('/').slice(3).join('/'), {
      range: { from: '2020-01-01', to: '2020-01-02' },
    }),
  );
  await expect(page.getByTestId('report-empty')).toBeVisible();
  await page.getByTestId('board-range-clear').click();
  await expect(figures(page)).toHaveText([String(hung), String(hangers)]);
});

test('what somebody else saved meanwhile is not written over', async () => {
  const other = await context.newPage();
  await other.goto(page.url());
  await page.getByTestId('board-edit').click();
  await other.getByTestId('board-edit').click();
  await other.getByTestId('board-title-edit').fill('Their wall');
  await other.getByTestId('board-title-edit').blur();
  await expect(other.getByTestId('board-saved')).toHaveText('Saved');
  await page.getByTestId('board-title-edit').fill('My wall');
  await page.getByTestId('board-title-edit').blur();
  await expect(page.getByTestId('board-conflict')).toContainText(email);
  await page.getByRole('button', { name: 'Load the board again' }).click();
  await expect(page.getByTestId('board-title-edit')).toHaveValue('Their wall');
  await page.getByTestId('board-done').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Their wall');
  await other.close();
});

for (const scheme of ['light', 'dark'] as const) {
  test(`board and list have no breach of accessibility, ${scheme}`, async () => {
    await page.emulateMedia({ colorScheme: scheme });
    await expect(figures(page).first()).toBeVisible();
    expect(await accessibilityBreaches(page)).toEqual([]);
    const board = page.url();
    await page.goto(`/p/${projectId}/boards`);
    await expect(page.getByTestId('report-list')).toBeVisible();
    expect(await accessibilityBreaches(page)).toEqual([]);
    await page.goto(board);
  });
}

test('on a phone cards stand one below the other in the same order', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  const [text, report] = await Promise.all(
    [0, 1].map((n) => page.getByTestId('board-card').nth(n).boundingBox()),
  );
  expect(text?.width).toBe(report?.width);
  expect((text?.y ?? 0) + (text?.height ?? 0)).toBeLessThanOrEqual(report?.y ?? 0);
  await expect(figures(page)).toHaveText([String(hung), String(hangers)]);
});
