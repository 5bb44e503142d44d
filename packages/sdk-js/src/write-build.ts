import { mkdir, writeFile } from 'node:fs/promises';
import { buildModule, buildSdk } from './build.ts';

const dist = new URL('../dist/', import.meta.url);
await mkdir(dist, { recursive: true });
const [script, module] = await Promise.all([buildSdk(), buildModule()]);
await writeFile(new URL('arbor.js', dist), script.code);
await writeFile(new URL('arbor.mjs', dist), module.code);
