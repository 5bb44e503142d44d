import { expect, test } from '@playwright/test';
import { demoProject } from '@arbor/demo-world/demo-project';
import { servePage } from './page-server.ts';
import { expectStored, flush, open, watchRecords } from './sdk-site.ts';
import { apiUrl } from './stack.ts';

/** What is captured without code of the page, and what never is (`browser-sdk.md` 15, T21). */
const body = `
  <form id="form" novalidate onsubmit="event.preventDefault()">
    <input id="text" name="q"><input id="password" type="password">
    <input id="card" autocomplete="cc-number"><input id="mail" type="email">
    <input id="phone" type="tel"><input id="code" autocomplete="one-time-code">
    <button id="send">Send to ada@hush.example, card 4111 1111 1111 1111</button>
  </form>
  <button id="icon"><svg width="30" height="30"><circle id="dot" cx="15" cy="15" r="14"/></svg></button>
  <button id="dead" onclick="1">Nothing happens</button>
  <div class="arb-no-track"><button id="quiet">Private hush</button></div>
  <div data-no-track><button id="silent">Private hush</button></div>
  <span id="named" data-track="EVENT" data-track-plan="pro">Named</span>
  <p id="host"></p><div style="height:4000px"></div>`;

const pageOf = (event: string): string => `
  import { createClient } from '@arbor/sdk-js';
  import { autocapture } from '@arbor/sdk-js/autocapture';
  addEventListener('DOMContentLoaded', () => {
    document.body.innerHTML = ${JSON.stringify(body.replace('EVENT', event))};
    const root = document.getElementById('host').attachShadow({ mode: 'open' });
    root.innerHTML = '<button id="inner">In the shadow</button>';
    window.arbor = createClient('${demoProject.token}', { host: '${apiUrl}' });
    window.arbor.use(autocapture({ text: true }));
  });
`;

test('T21 clicks, rage, dead ones, changes, sent forms and scrolling, and nothing of what was typed', async ({
  page,
}) => {
  const event = `sdk T21 ${Date.now().toString(36)}`;
  const site = await servePage(pageOf(event));
  const records = watchRecords(page);
  const named = (name: string): Readonly<Record<string, unknown>>[] =>
    records.filter((record) => record.event === name).map(({ properties }) => properties);
  const captured = (name: string, count = 1): Promise<void> =>
    expect
      .poll(async () => {
        await flush(page);
        return named(name).length;
      })
      .toBeGreaterThanOrEqual(count);
  await open(page, site.url, { readable: true });
  for (const id of ['text', 'password', 'card', 'mail', 'phone', 'code']) {
    await page.fill(`#${id}`, 'hush hush');
  }
  await page.click('#send');
  await captured('$mp_submit');
  await captured('$mp_input_change');
  await page.click('#dot');
  await page.click('#inner');
  await page.click('#quiet');
  await page.click('#silent');
  await page.click('#named');
  await page.click('#dead');
  await captured('$mp_dead_click');
  await page.click('#icon', { clickCount: 5 });
  await captured('$mp_rage_click');
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await captured('$mp_scroll');
  await captured(event);

  const clicked = named('$mp_click').map(({ $el_id }) => $el_id);
  // The button of the picture in it, and the one in the shadow, not what they stand in.
  expect(clicked).toEqual(expect.arrayContaining(['send', 'icon', 'inner', 'dead']));
  expect(clicked).not.toContain('quiet');
  expect(clicked).not.toContain('silent');
  expect(named(event)).toMatchObject([{ plan: 'pro' }]);
  const send = named('$mp_click').find(({ $el_id }) => $el_id === 'send');
  expect(send?.['$el_text']).toMatch(/^Send to \*+/);
  expect(JSON.stringify(records)).not.toMatch(/hush|4111/);
  await expectStored(event, 1);
  await site.close();
});
