import type { Browser } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { scriptUrl } from '../browser/sdk-site.ts';
import { apiUrl } from '../browser/stack.ts';

/** What the SDK takes of a page's main thread, ms. Microtasks that it leaves behind are counted in. */
export interface SdkCost {
  /** Compiling and running the script, and making the client. */
  readonly startMs: number;
  /** The first call, which reads what later ones keep. */
  readonly firstTrackMs: number;
  readonly trackMedianMs: number;
  readonly trackP95Ms: number;
  readonly trackMostMs: number;
}

/** Calls of `track`, each in a task of its own. */
const calls = 200;

/**
 * Measures on a page of its own in a browser whose CPU is made `slowdown` times slower. The script stands in the page, so that
 * no network is in what is measured.
 */
export async function measureSdkCost(
  browser: Browser,
  {
    url,
    event,
    slowdown,
  }: { readonly url: string; readonly event: string; readonly slowdown: number },
): Promise<SdkCost> {
  const code = await (await fetch(scriptUrl)).text();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    // The loader that runs this file gives functions their names by a helper of its own, which the page has not.
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.goto(url);
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    return await page.evaluate(
      async ({ code: text, token, host, name, times }) => {
        const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
        /** Of what runs now and of the microtasks that it leaves. */
        const timed = async (run: () => void): Promise<number> => {
          await nextTask();
          const began = performance.now();
          run();
          // Behind what the call has put there, each time.
          for (let i = 0; i < 5; i++) await Promise.resolve();
          return performance.now() - began;
        };
        const tag = document.createElement('script');
        Object.assign(tag.dataset, { token, host, pageViews: 'off' });
        tag.textContent = text;
        const startMs = await timed(() => document.head.append(tag));
        const { arbor } = window as unknown as { arbor: { track(...given: unknown[]): void } };
        const track = (n: number): Promise<number> =>
          timed(() => arbor.track(name, { n, plan: 'pro', items: ['a', 'b'], price: 42.5 }));
        const firstTrackMs = await track(0);
        const each: number[] = [];
        for (let n = 1; n < times; n++) each.push(await track(n));
        each.sort((a, b) => a - b);
        const at = (share: number): number => each[Math.floor(share * (each.length - 1))] ?? 0;
        const [trackMedianMs, trackP95Ms, trackMostMs] = [at(0.5), at(0.95), at(1)];
        return { startMs, firstTrackMs, trackMedianMs, trackP95Ms, trackMostMs };
      },
      { code, token: demoProject.token, host: apiUrl, name: event, times: calls },
    );
  } finally {
    await context.close();
  }
}
