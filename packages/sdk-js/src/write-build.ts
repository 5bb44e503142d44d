import { mkdir, writeFile } from 'node:fs/promises';
import { buildEntry, buildPart, buildSdk, sdkEntries, sdkParts } from './build.ts';
import { stub } from './stub.ts';

const dist = new URL('../dist/', import.meta.url);
await mkdir(dist, { recursive: true });
const write = async (name: string, built: Promise<{ code: string }>): Promise<void> =>
  writeFile(new URL(name, dist), (await built).code);

await write('arbor.js', buildSdk());
await writeFile(new URL('stub.js', dist), stub);
for (const part of sdkParts) await write(`arbor.${part}.js`, buildPart(part));
for (const entry of sdkEntries) {
  await write(`${entry}.mjs`, buildEntry(entry, 'esm'));
  await write(`${entry}.cjs`, buildEntry(entry, 'cjs'));
}
