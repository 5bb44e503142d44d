import { expect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { queryAnswerSchema } from '@arbor/schema/result';
import { accessibilityBreaches } from './accessibility.ts';
import { signInAsOwner } from './account.ts';
import { apiUrl } from './stack.ts';

const pages = ['lexicon', 'health', 'rejected', 'import'] as const;
const numberIn = (text: string | null): number => Number((text ?? '').replaceAll(/\D/g, ''));

async function tokenOf(page: Page, projectId: number): Promise<string> {
  await page.goto(`/p/${projectId}/connect`);
  const snippet = (await page.getByTestId('connect-snippet').textContent()) ?? '';
  return /[0-9a-f]{32}/.exec(snippet)?.[0] ?? '';
}

async function track(records: readonly object[]): Promise<Response> {
  return fetch(new URL('/track', apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(records),
  });
}

/** As the page may ask, with its session: how many events of one name there are. */
async function countOf(page: Page, projectId: number, event: string): Promise<number> {
  const response = await page.request.post(`/api/v1/query?project_id=${projectId}`, {
    data: {
      type: 'insights',
      range: { from: '2026-01-01', to: '2030-01-01' },
      unit: 'total',
      metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'total' } }],
    },
  });
  const { result } = queryAnswerSchema.parse(await response.json());
  if (result.type !== 'insights') throw new Error(`the answer is of the type ${result.type}`);
  return result.series[0]?.total ?? 0;
}

test('Data: the Lexicon lists what is in the data, with how often', async ({ page }) => {
  await page.goto(`/p/${demoProject.id}/insights`);
  await page.getByTestId('nav-data').click();
  await expect(page).toHaveURL(/\/data\/lexicon$/);
  await page.getByTestId('lexicon-search').fill('Order completed');
  const row = page.getByTestId('lexicon-table').locator('tbody tr').filter({
    hasText: 'Order completed',
  });
  await expect(row).toHaveCount(1);
  await expect
    .poll(async () => numberIn(await row.locator('td').nth(1).textContent()))
    .toBeGreaterThan(0);
  // A guest may read and not change.
  await expect(page.getByTestId('lexicon-hide')).toHaveCount(0);
  await page.getByTestId('lexicon-of-event_property').click();
  await page.getByTestId('lexicon-search').fill('browser');
  await page
    .getByTestId('lexicon-row')
    .filter({ hasText: /^Browser$/ })
    .click();
  await expect(page.getByTestId('panel')).toContainText('$browser');
  await expect(page.getByTestId('panel')).toContainText('Frequent values');
});

test('Data: a hidden event leaves the picker, is found by its name, and comes back', async ({
  page,
}) => {
  const projectId = await signInAsOwner(page);
  const event = `Hidden ${Date.now()}`;
  const token = await tokenOf(page, projectId);
  expect((await track([{ event, properties: { token, distinct_id: 'u' } }])).ok).toBe(true);

  const address = `/p/${projectId}/data/lexicon?search=${encodeURIComponent(event)}`;
  await expect(async () => {
    await page.goto(address);
    await expect(page.getByTestId('lexicon-row')).toHaveCount(1, { timeout: 3000 });
  }).toPass({ timeout: 150_000 });
  await page.getByTestId('lexicon-row').click();
  await page.getByTestId('lexicon-display-name').fill(`Shown as ${event}`);
  await page.getByTestId('lexicon-description').fill('What nobody should count');
  await page.getByTestId('lexicon-save').click();
  await expect(page.getByTestId('panel')).toHaveCount(0);
  await expect(page.getByTestId('lexicon-row')).toHaveText(`Shown as ${event}`);
  await page.getByTestId('lexicon-hide').click();
  await expect(page.getByTestId('lexicon-row')).toContainText('hidden');

  const optionsFor = async (text: string): Promise<string[]> => {
    await page.goto(`/p/${projectId}/cohorts/new`);
    await page.getByTestId('group-0-add-event').click();
    await page.getByTestId('group-0-condition-0-event').click();
    const search = page.getByPlaceholder('Search events');
    await expect(page.getByRole('option').first()).toBeVisible();
    await search.fill(text);
    await expect(page.getByText('Loading…')).toHaveCount(0);
    return page.getByRole('option').allTextContents();
  };
  expect((await optionsFor('')).join('\n')).not.toContain(event);
  expect((await optionsFor(event)).join('\n')).toContain(`Shown as ${event}`);

  await page.goto(`${address}&show=hidden`);
  await page.getByTestId('lexicon-hide').click();
  await expect(page.getByTestId('lexicon-empty')).toBeVisible();
  await expect.poll(async () => (await optionsFor('')).join('\n')).toContain(event);
});

test('Data: Health counts what came, and Rejected shows what did not and why', async ({ page }) => {
  const projectId = await signInAsOwner(page);
  const token = await tokenOf(page, projectId);
  const stamp = Date.now();
  await page.goto(`/p/${projectId}/data/health`);
  await expect(page.getByTestId('health-checks')).toContainText('Zone b');
  const before = numberIn(await page.getByTestId('health-accepted').textContent());
  const properties = { token, distinct_id: `u${stamp}`, mp_lib: `lib-${stamp}` };
  await track([
    ...Array.from({ length: 3 }, () => ({ event: 'Seen', properties })),
    { event: '', properties: { ...properties, note: `bad-${stamp}` } },
  ]);
  await expect(page.getByTestId('health-sources')).toContainText(`lib-${stamp}`, {
    timeout: 120_000,
  });
  await expect
    .poll(async () => numberIn(await page.getByTestId('health-accepted').textContent()))
    .toBeGreaterThanOrEqual(before + 3);

  await page.getByTestId('data-rejected').click();
  const reason = page.getByTestId('rejected-row').filter({ hasText: /event/ }).first();
  await reason.click();
  await expect(page.getByTestId('refused-record').first()).toContainText(`bad-${stamp}`);
  await expect(page.getByTestId('panel')).toContainText('/track');
});

test('Data: a table is mapped, looked at, brought in, and counts once however often', async ({
  page,
}) => {
  const projectId = await signInAsOwner(page);
  const event = `Imported ${Date.now()}`;
  const lines = Array.from(
    { length: 40 },
    (_, n) =>
      `${event},2026-03-${String((n % 28) + 1).padStart(2, '0')} 10:00:00,user-${n % 7},${n}`,
  );
  // One without a time is refused.
  const csv = ['event,time,user_id,amount', ...lines, `${event},,user-1,5`].join('\n');
  const buffer = Buffer.from(csv);
  const bringIn = async (): Promise<void> => {
    await page.goto(`/p/${projectId}/data/import`);
    await page
      .getByTestId('import-file')
      .setInputFiles({ name: `orders-${event}.csv`, mimeType: 'text/csv', buffer });
    await expect(page.getByTestId('import-preview-count')).toHaveText(
      'Of the first 41 rows 1 would be refused.',
    );
    await expect(page.getByTestId('map-user')).toHaveText('user_id');
    await page.getByTestId('import-start').click();
    await expect(page.getByTestId('import-state')).toHaveAttribute('data-state', 'done', {
      timeout: 120_000,
    });
    await expect(page.getByTestId('import-accepted')).toHaveText('40');
    await expect(page.getByTestId('import-refused')).toHaveText('1');
  };
  await bringIn();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('csv-download').click(),
  ]);
  expect(download.suggestedFilename()).toContain('refused');
  await expect(page.getByTestId('import-row-state').first()).toHaveText('Done');
  await expect.poll(() => countOf(page, projectId, event), { timeout: 120_000 }).toBe(40);
  await bringIn();
  // What comes after the second import is counted, and so is what it brought.
  const marker = `${event} marker`;
  const token = await tokenOf(page, projectId);
  await track([{ event: marker, properties: { token, distinct_id: 'u' } }]);
  await expect.poll(() => countOf(page, projectId, marker), { timeout: 120_000 }).toBe(1);
  expect(await countOf(page, projectId, event)).toBe(40);
});

const looks = [
  { scheme: 'light', width: 1440 },
  { scheme: 'dark', width: 1440 },
  { scheme: 'light', width: 390 },
] as const;

test('Data: every page is accessible, in both themes and on a phone', async ({ page }) => {
  const projectId = await signInAsOwner(page);
  await page.goto(`/p/${projectId}/data`);
  for (const { scheme, width } of looks) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    for (const name of pages) {
      await page.getByTestId(`data-${name}`).click();
      await expect(page.getByTestId(`data-${name}`)).toHaveAttribute('aria-current', 'page');
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0);
      expect(await accessibilityBreaches(page), `${name}, ${scheme}, ${width}`).toEqual([]);
    }
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});
