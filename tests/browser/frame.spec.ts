import { expect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { loadDemoTruth } from '../support/demo-truth.ts';
import { sendUntilAccepted } from '../support/retrying-client.ts';
import { accessibilityBreaches } from './accessibility.ts';
import { newProject } from './own-project.ts';
import { apiUrl, dataDir, viewUrl } from './stack.ts';

// Each looks at several reports, on two cores that also run the stack.
test.describe.configure({ timeout: 300_000 });

test.beforeAll(async () => {
  test.setTimeout(300_000);
  // All of the demo is there.
  await loadDemoTruth(apiUrl, dataDir);
});

const insights = {
  range: { preset: '30d' },
  unit: null,
  metrics: [{ event: 'Order completed', filters: [], measure: { type: 'total' } }],
  filters: [],
  breakdown: null,
  chart: 'line',
};
const title = 'Order completed, total, last 30 days';

async function openInsights(page: Page): Promise<void> {
  await page.goto(viewUrl(demoProject.id, 'insights', insights));
  await expect(page.getByTestId('report-title')).toHaveText(title);
  await expect(page.getByTestId('chart')).toBeVisible();
}

test('changes of a report are taken back and made again, by buttons and by keys (UX-R3)', async ({
  page,
}) => {
  await openInsights(page);
  const undo = page.getByTestId('undo');
  const redo = page.getByTestId('redo');
  const kind = (name: string) => page.getByTestId('chart-kind').getByLabel(name);
  await expect(undo).toBeDisabled();
  await kind('Stacked columns').click();
  await expect(kind('Stacked columns')).toBeChecked();
  await page.getByTestId('metric-add').click();
  await expect(page.getByTestId('report-title')).toContainText(' and ');

  await undo.click();
  await expect(page.getByTestId('report-title')).toHaveText(title);
  await expect(kind('Stacked columns')).toBeChecked();
  await page.keyboard.press('Control+z');
  await expect(kind('Line')).toBeChecked();
  await expect(undo).toBeDisabled();
  await page.keyboard.press('Control+Shift+z');
  await expect(kind('Stacked columns')).toBeChecked();
  await redo.click();
  await expect(page.getByTestId('report-title')).toContainText(' and ');
  await expect(redo).toBeDisabled();

  // What was undone cannot come back after another change.
  await undo.click();
  await kind('Line').click();
  await expect(kind('Line')).toBeChecked();
  await expect(redo).toBeDisabled();
});

test('a report says what it asks, in words, as JSON, and as a command that answers (UX-R5)', async ({
  page,
  request,
}) => {
  await openInsights(page);
  await page.getByTestId('query-info').click();
  const panel = page.getByTestId('query-info-panel');
  await expect(panel.getByTestId('query-sentence')).toContainText(`${title}, days of `);
  await expect(panel).toContainText('Rows read');
  await expect(panel).toContainText('Sampling');
  await expect(panel.getByTestId('query-curl')).toContainText(
    `/api/v1/query?project_id=${demoProject.id}`,
  );
  expect(await accessibilityBreaches(page)).toEqual([]);

  // The text is the question: what is copied from it is answered.
  const query: unknown = JSON.parse((await panel.getByTestId('query-json').textContent()) ?? '');
  const url = `${apiUrl}/api/v1/query?project_id=${demoProject.id}`;
  const answer = await request.post(url, { data: query });
  expect(answer.status()).toBe(200);

  // The panel is in the address.
  await page.reload();
  await expect(panel).toBeVisible();
  await panel.getByRole('button', { name: 'Close' }).click();
  await expect(panel).toHaveCount(0);
  await expect(page.getByTestId('report-title')).toHaveText(title);
});

test('only the chart is shown by a key, and all of it again (UX-R1)', async ({ page }) => {
  await openInsights(page);
  await expect(page.getByTestId('report-table')).toBeVisible();
  await page.keyboard.press('z');
  await expect(page.getByTestId('report-table')).toHaveCount(0);
  await expect(page.getByTestId('builder')).toHaveCount(0);
  await expect(page.getByTestId('chart')).toBeVisible();
  expect(await accessibilityBreaches(page)).toEqual([]);
  await page.getByTestId('chart-only-end').click();
  await expect(page.getByTestId('report-table')).toBeVisible();
});

test('a report is named where its name stands, before it is saved and after (UX-R4)', async ({
  page,
}) => {
  const { id, token } = await newProject(page, 'Names of reports');
  const rename = page.getByTestId('report-rename');
  // Before its first event a project has no reports.
  await sendUntilAccepted(apiUrl, [
    { event: 'Order completed', properties: { token, distinct_id: 'ann', time: Date.now() } },
  ]);
  await expect(async () => {
    await page.goto(viewUrl(id, 'insights', insights));
    await expect(rename).toBeVisible({ timeout: 10_000 });
  }).toPass();
  const field = page.getByTestId('report-name');
  await rename.click();
  await field.fill('Named before');
  await field.press('Enter');
  await page.getByTestId('report-save').click();
  await expect(page.getByTestId('save-name')).toHaveValue('Named before');
  await page.getByTestId('save-confirm').click();
  await expect(page).toHaveURL(/\/insights\/\d+$/);

  await rename.click();
  await field.fill('Never');
  await field.press('Escape');
  await expect(page.getByTestId('report-title')).toHaveText('Named before');
  await rename.click();
  await field.fill('Named after');
  await field.press('Enter');
  await expect(page.getByTestId('report-title')).toHaveText('Named after');
  await page.reload();
  await expect(page.getByTestId('report-title')).toHaveText('Named after');
});
