/** Journeys of `ux.md` 28 in a project of one's own, where every event is known; `journeys.md` says where the others are. */
import { expect, test, type Page } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { sendUntilAccepted } from '../support/retrying-client.ts';
import { newProject } from './own-project.ts';
import { apiUrl, viewUrl } from './stack.ts';

test.describe.configure({ timeout: 300_000 });

type Sent = { readonly event: string; readonly user: string; readonly time: number };

const send = (token: string, events: readonly Sent[]): Promise<unknown> =>
  sendUntilAccepted(
    apiUrl,
    events.map(({ event, user, time }) => ({
      event,
      properties: { token, distinct_id: user, time, $insert_id: `${event} ${user} ${time}` },
    })),
  );

const insightsOf = (
  event: string | null,
  type: 'total' | 'unique',
  change: object = {},
): object => ({
  range: { preset: '7d' },
  unit: 'day',
  metrics: [{ event, filters: [], measure: { type } }],
  filters: [],
  breakdown: null,
  chart: 'line',
  ...change,
});

/** The number over the whole range of the first metric. */
const total = (page: Page) =>
  page.getByTestId('report-table').locator('tbody tr').first().locator('td').nth(1);

/** A report is asked once, and a zone may answer before it has taken in what was sent: then it is opened again. */
async function openUntil(page: Page, url: string, shows: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.goto(url);
    await shows();
  }).toPass();
}

test('J5: a number, its users, a cohort of them, a filter by it: the same count everywhere', async ({
  page,
}) => {
  const { id, token } = await newProject(page, 'Cohort of a number');
  const time = Date.now() - 60_000;
  const bought = ['ann', 'bob', 'cleo'].map((user) => ({ event: 'Bought', user, time }));
  const looked = ['ann', 'bob', 'cleo', 'dan', 'eve'].map((user) => ({
    event: 'Looked',
    user,
    time,
  }));
  await send(token, [...bought, ...looked]);
  await openUntil(page, viewUrl(id, 'insights', insightsOf('Bought', 'unique')), () =>
    expect(total(page)).toHaveText('3', { timeout: 5000 }),
  );
  await total(page).locator('[data-drill]').focus();
  await page.keyboard.press('Enter');
  const menu = page.getByTestId('drill-menu');
  await menu.getByRole('menuitem', { name: /^View users/ }).press('Enter');
  await expect(page.getByTestId('user-list-count')).toHaveText('3 users');
  await page.getByTestId('save-cohort').click();
  await page.getByTestId('cohort-name').fill('Behind the number');
  await page.getByTestId('confirm').click();
  await expect(page.getByTestId('cohort-name')).toHaveCount(0);

  await page.goto(`/p/${id}/cohorts`);
  await expect(page.getByTestId('cohort-row-size')).toHaveText('3');
  await page.getByTestId('cohort-row').click();
  await expect(page.getByTestId('cohort-size')).toContainText('3');
  await expect(page).toHaveURL(/\/cohorts\/[^/?]+/);
  const cohort = /\/cohorts\/([^/?]+)/.exec(page.url())?.[1];
  const filters = [{ cohort: { operator: 'in', id: cohort } }];
  await openUntil(page, viewUrl(id, 'insights', insightsOf('Looked', 'unique', { filters })), () =>
    expect(total(page)).toHaveText('3', { timeout: 5000 }),
  );
});

test('J7: a funnel of equal times connects; with a grace also what came a moment too late', async ({
  page,
}) => {
  const { id, token } = await newProject(page, 'Equal times');
  const time = Date.now() - 60_000;
  await send(token, [
    { event: 'First', user: 'equal', time },
    { event: 'Second', user: 'equal', time },
    { event: 'Second', user: 'before', time },
    { event: 'First', user: 'before', time: time + 300 },
  ]);
  const funnel = viewUrl(id, 'funnels', {
    range: { preset: '7d' },
    steps: ['First', 'Second'].map((event) => ({ event, filters: [] })),
    window: { value: 7, unit: 'day' },
    filters: [],
    breakdown: null,
  });
  const count = (step: number) => page.getByTestId(`funnel-step-${step}-count`);
  await openUntil(page, funnel, () => expect(count(0)).toHaveText('2', { timeout: 5000 }));
  await expect(count(1)).toHaveText('1');
  await page.getByTestId('funnel-grace').click();
  await page.getByRole('option').nth(1).click();
  await expect(count(1)).toHaveText('2');
  await expect(count(0)).toHaveText('2');
});

test('J16: who may only look finds no control that changes something, and the API refuses the calls', async ({
  page,
}) => {
  // Visitors of the demo have the role of a consumer.
  const none = async (path: string, ready: string, controls: readonly string[]): Promise<void> => {
    await page.goto(`/p/${demoProject.id}/${path}`);
    await expect(page.locator(ready).first()).toBeVisible();
    for (const control of controls) {
      await expect(page.getByTestId(control), `${path}: ${control}`).toHaveCount(0);
    }
  };
  await none('insights', '[data-testid="chart"]', ['report-save']);
  await none('funnels', '[data-testid="builder"]', ['report-save']);
  await none('boards', 'h1', ['board-new']);
  await none('boards/1', '[data-testid="board-grid"]', ['board-edit', 'board-add-report']);
  await none('cohorts/new', 'h1', ['cohort-save']);
  await none('users', '[data-testid="user-row"]', ['property-add']);
  await none('settings', '[data-testid="project-facts"]', [
    'project-form-save',
    'project-secret-new',
    'settings-members',
    'settings-service-accounts',
    'settings-activity',
  ]);
  await none('data/import', 'h1', ['import-file', 'import-start']);

  const project = `/api/v1/projects/${demoProject.id}`;
  for (const [path, data] of [
    ['boards', { title: 'Mine' }],
    ['cohorts', { name: 'Mine', filters: [] }],
    ['reports', { name: 'Mine', query: {} }],
    ['secret', {}],
  ] as const) {
    const answer = await page.request.post(`${project}/${path}`, { data });
    expect([401, 403], path).toContain(answer.status());
  }
});
