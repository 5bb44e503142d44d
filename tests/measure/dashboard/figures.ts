/**
 * How much script each page of a report loads at first, and how long it takes from a press to the next picture, on the
 * demo world: `pnpm measure:dashboard`. It means something over the production build alone.
 */
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from '@playwright/test';
import { withDemo } from './demo-stack.ts';
import { tour, type TourPage } from './tour.ts';

const reports = ['insights', 'funnels', 'retention', 'flows', 'web', 'live', 'users', 'boards'];
const pages = tour.filter(({ name }) => reports.includes(name));

await withDemo(async (browser, webUrl) => {
  process.stdout.write(
    'script, gzip: what the page names itself, and all until it shows its data\n',
  );
  for (const page of pages) {
    const { named, all } = await firstLoadBytes(browser, page, webUrl);
    process.stdout.write(`  ${page.name.padEnd(10)} ${kilobytes(named)} ${kilobytes(all)}\n`);
  }
  const times = await interactionTimes(browser, webUrl);
  times.sort((a, b) => a - b);
  const at = (share: number): string => `${times[Math.floor(share * (times.length - 1))] ?? 0} ms`;
  process.stdout.write(
    `press to next picture, ${times.length} presses of 16 ms or more: ` +
      `median ${at(0.5)}, p95 ${at(0.95)}, slowest ${at(1)}\n`,
  );
});

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0).padStart(4)} kB`;
}

/** Nothing is in the browser's cache. What is drawn lazily comes after what the page names, such as the charts. */
async function firstLoadBytes(
  browser: Browser,
  tourPage: TourPage,
  webUrl: string,
): Promise<{ named: number; all: number }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sizes: Promise<{ url: string; bytes: number }>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return;
    const url = new URL(response.url()).pathname;
    sizes.push(response.body().then((body) => ({ url, bytes: gzipSync(body).length })));
  });
  await open(page, tourPage, webUrl);
  const html = await (await context.request.get(new URL(tourPage.path, webUrl).href)).text();
  const loaded = await Promise.all(sizes);
  await context.close();
  const sumOf = (scripts: typeof loaded): number =>
    scripts.reduce((sum, { bytes }) => sum + bytes, 0);
  return { named: sumOf(loaded.filter(({ url }) => html.includes(url))), all: sumOf(loaded) };
}

async function open(page: Page, { path, ready }: TourPage, webUrl: string): Promise<void> {
  await page.goto(new URL(path, webUrl).href);
  await page.locator(ready).first().waitFor({ timeout: 60_000 });
}

/** What the browser itself says of each press, in steps of 8 ms: the longest event of those that belong together. */
async function interactionTimes(browser: Browser, webUrl: string): Promise<number[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(() => {
    const longest = new Map<number, number>();
    Object.assign(window, { longest });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { interactionId = 0, duration } = entry as PerformanceEntry & {
          interactionId?: number;
        };
        if (interactionId === 0) continue;
        longest.set(interactionId, Math.max(longest.get(interactionId) ?? 0, duration));
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  });
  const page = await context.newPage();
  const times: number[] = [];
  for (const tourPage of pages) {
    await open(page, tourPage, webUrl);
    await page.waitForLoadState('networkidle', { timeout: 5000 }).catch(() => undefined);
    await pressThrough(page, tourPage.name);
    // Entries come a moment after the picture that they wait for.
    await page.waitForTimeout(300);
    times.push(
      ...(await page.evaluate(() => [
        ...(window as unknown as { longest: Map<number, number> }).longest.values(),
      ])),
    );
  }
  await context.close();
  return times;
}

/** What people do most: choose an event, another drawing, sort, open what is behind a number. */
async function pressThrough(page: Page, name: string): Promise<void> {
  if (name === 'insights') {
    await page.getByTestId('event-picker-0').click();
    await page.keyboard.type('Product');
    await page.keyboard.press('Enter');
    for (const kind of ['column', 'bar', 'number', 'line']) {
      await page.getByTestId(`chart-kind-${kind}`).click();
    }
  }
  const header = page.locator('[data-testid="report-table"] thead button').first();
  if (await header.isVisible()) await header.click();
  const number = page.locator('[data-drill]').first();
  if (await number.isVisible()) {
    await number.click();
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('ret');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.keyboard.press('Escape');
}
