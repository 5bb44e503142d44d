import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import vm from 'node:vm';
import { expect, test } from '@playwright/test';
import { scriptUrl } from './sdk-site.ts';

/** Where the browser SDK may be imported, and what it is called (`browser-sdk.md` 15, T24, T30). */
const run = promisify(execFile);
const built = path.resolve(import.meta.dirname, '../../packages/sdk-js/dist');

test.describe('T24 an import where there is no page', () => {
  const calls = `
    const client = createClient('TOKEN', { host: 'https://stats.example' });
    client.track('Seen', { n: 1 });
    client.identify('ada');
    client.people.set({ plan: 'pro' });
    client.register({ theme: 'dark' });
    client.reset();
    client.destroy();
  `;

  test('of Node does nothing, as a module, as CommonJS and as a server component', async () => {
    const module = `import { createClient } from ${JSON.stringify(`${built}/arbor.mjs`)}; ${calls}
      console.log(JSON.stringify(await client.flush()));`;
    const common = `const { createClient } = require(${JSON.stringify(`${built}/arbor.cjs`)}); ${calls}
      client.flush().then((left) => console.log(JSON.stringify(left)));`;
    const cases = [
      ['--input-type=module', '--eval', module],
      ['--input-type=module', '--conditions=react-server', '--eval', module],
      ['--input-type=commonjs', '--eval', common],
    ];
    for (const args of cases) {
      const { stdout, stderr } = await run(process.execPath, args, { env: {} });
      expect(stdout.trim()).toBe('{"sent":0,"left":0}');
      expect(stderr).toBe('');
    }
  });

  test('of a runtime that has nothing but the language does nothing', async () => {
    const code = fs.readFileSync(`${built}/arbor.cjs`, 'utf8');
    const scope = { module: { exports: {} }, exports: {}, left: undefined as unknown };
    vm.runInNewContext(
      `${code}; const { createClient } = module.exports; ${calls}
       client.flush().then((result) => { left = JSON.stringify(result); });`,
      scope,
    );
    await expect.poll(() => scope.left).toBe('{"sent":0,"left":0}');
  });
});

test('T30 neither the served files nor the endpoint have a name that block lists know', () => {
  const file = path.join(import.meta.dirname, 'sdk-block-patterns.txt');
  const patterns = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => new RegExp(line, 'i'));
  expect(patterns.length).toBeGreaterThan(30);
  const blocked = (url: string): string[] =>
    patterns.filter((pattern) => pattern.test(url)).map(({ source }) => source);
  // What a careless choice of names would meet.
  expect(blocked('https://shop.example/js/analytics.js')).not.toEqual([]);
  expect(blocked('https://shop.example/collect?v=1')).not.toEqual([]);
  const { pathname } = new URL(scriptUrl);
  const own = [pathname, pathname.replace('.js', '.pages.js'), '/e', '/js/mokare.js', '/pulse'];
  for (const one of own) {
    expect(blocked(`https://shop.example${one}`), one).toEqual([]);
    expect(blocked(`https://shop.example${one}?k=0123456789abcdef`), one).toEqual([]);
  }
});
