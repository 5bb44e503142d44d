import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { scriptUrl } from './sdk-site.ts';

/** What is promised of the browser SDK before it runs (`browser-sdk.md` 15, T1, T27); what a call takes: `tests/measure/sdk-cost.ts`. */
const built = path.resolve(import.meta.dirname, '../../packages/sdk-js/dist');

test('T1 no entry is larger than it may be, as it is served and as it is published', async () => {
  const served = await (await fetch(scriptUrl)).text();
  const published = (file: string): string => fs.readFileSync(path.join(built, file), 'utf8');
  const bytes = (code: string): number => gzipSync(code, { level: 9 }).length;
  expect(bytes(served)).toBeLessThan(5000);
  const limits = {
    'arbor.mjs': 5000,
    'arbor.js': 5000,
    'autocapture.mjs': 2500,
    'vitals.mjs': 1500,
    'link.mjs': 600,
    'mixpanel.mjs': 7500,
    'react.mjs': 800,
  };
  for (const [file, most] of Object.entries(limits)) {
    expect(bytes(published(file)), file).toBeLessThan(most);
  }
  expect(`<script>${published('stub.js')}</script>`.length).toBeLessThan(450);
});

test('T27 declared events refuse names and properties that are not theirs', async () => {
  const tests = path.resolve(import.meta.dirname, '..');
  const file = 'browser/sdk-types.test-d.ts';
  // An expectation of an error that does not come is one.
  const args = [
    '--noEmit',
    '--skipLibCheck',
    '--strict',
    '--module',
    'esnext',
    '--target',
    'es2023',
  ];
  const resolution = ['--moduleResolution', 'bundler', '--allowImportingTsExtensions'];
  const tsc = path.resolve(tests, '../node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [tsc, ...args, ...resolution, '--lib', 'es2023,dom,dom.iterable', '--ignoreConfig', file],
    { cwd: tests },
  );
  expect(stdout).toBe('');
});
