/**
 * Pictures of every page of the dashboard with the demo world, in both themes and on a phone, in a folder: to be looked
 * at before a release. `pnpm screenshots [FOLDER]`, by default `test-results/screenshots`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { repository } from '@arbor/local-stack/repository';
import { withDemo } from './demo-stack.ts';
import { tour } from './tour.ts';

const folder = path.resolve(
  process.argv[2] ?? path.join(repository.root, 'test-results/screenshots'),
);
const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

let missing = 0;
await withDemo(async (browser, webUrl) => {
  for (const { name: look, ...options } of looks) {
    fs.mkdirSync(path.join(folder, look), { recursive: true });
    const context = await browser.newContext({ ...options, locale: 'en-GB', timezoneId: 'UTC' });
    const page = await context.newPage();
    for (const { name, path: address, ready } of tour) {
      await page.goto(new URL(address, webUrl).href);
      const isReady = await page
        .locator(ready)
        .first()
        .waitFor({ timeout: 30_000 })
        .then(
          () => true,
          () => false,
        );
      // What is drawn lazily, and what fades in.
      await page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
      await page.screenshot({ path: path.join(folder, look, `${name}.png`) });
      if (isReady) continue;
      missing += 1;
      process.stderr.write(`${look}, ${name}: "${ready}" is not there\n`);
    }
    await context.close();
  }
});
process.stdout.write(`${looks.length * tour.length} pictures in ${folder}\n`);
process.exitCode = missing === 0 ? 0 : 1;
