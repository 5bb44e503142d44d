import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, it } from 'vitest';
import { elfHash, patchElf } from './elf.ts';

/** The one binary this is for; there is none for other platforms. */
function packagedRedis(): Buffer {
  const manifest = createRequire(import.meta.url).resolve('@falkordblite/linux-x64/package.json');
  return fs.readFileSync(path.join(path.dirname(manifest), 'bin/redis-server'));
}

it('hashes a version name as the loader does', () => {
  expect(elfHash('GLIBC_2.2.5')).toBe(0x09691a75);
  expect(elfHash('')).toBe(0);
});

it('refuses what is not an ELF file', () => {
  expect(() => patchElf(Buffer.from('#!/bin/sh\n'))).toThrow('not a 64-bit little-endian ELF file');
});

it.runIf(process.platform === 'linux' && process.arch === 'x64')(
  'changes the packaged server once, keeps its size, and finds nothing to change the second time',
  () => {
    const original = packagedRedis();
    const once = Buffer.from(original);
    patchElf(once);
    expect(once.length).toBe(original.length);
    expect(once.equals(original)).toBe(false);
    const twice = Buffer.from(once);
    patchElf(twice);
    expect(twice.equals(once)).toBe(true);
  },
);
