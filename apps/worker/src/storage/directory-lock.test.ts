import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DirectoryLockedError, lockDirectory } from './directory-lock.ts';

let directory: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-lock-'));
});
afterEach(() => fs.rmSync(directory, { recursive: true, force: true }));

it('can be taken again after it was given back', () => {
  lockDirectory(directory).release();
  lockDirectory(directory).release();
  expect(fs.readdirSync(directory)).toEqual([]);
});

it('is refused while its holder lives, and taken over once it was killed', async () => {
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")']);
  await once(holder.stdout, 'data');
  const stat = fs.readFileSync(`/proc/${holder.pid}/stat`, 'utf8');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  fs.writeFileSync(path.join(directory, 'lock'), JSON.stringify({ pid: holder.pid, started }));
  expect(() => lockDirectory(directory)).toThrow(DirectoryLockedError);
  expect(() => lockDirectory(directory)).toThrow(`is open in process ${holder.pid}`);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockDirectory(directory).release();
});

it('does not mistake a later process of the same pid, or a torn file, for the holder', () => {
  const lock = path.join(directory, 'lock');
  fs.writeFileSync(lock, JSON.stringify({ pid: process.ppid, started: '1' }));
  lockDirectory(directory).release();
  fs.writeFileSync(lock, '{"pid":');
  lockDirectory(directory).release();
  expect(fs.existsSync(lock)).toBe(false);
});
