import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDataFolder, dataFolder, keepSecret, rotateLog } from './data-folder.ts';
import { FolderLockedError, holderOf, lockFolder } from './folder-lock.ts';
import { readRunFile, removeRunFile, writeRunFile, type RunFile } from './run-file.ts';
import { keepCluster, readSettings } from './settings.ts';

let root = '';
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-folder-'));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

const modeOf = (file: string): number => fs.statSync(path.join(root, file)).mode & 0o777;

describe('secrets', () => {
  it('are made once, kept, and readable by their owner only', () => {
    const folder = dataFolder(root);
    createDataFolder(folder);
    const secret = keepSecret(folder, 'master');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(keepSecret(folder, 'master')).toBe(secret);
    expect(keepSecret(folder, 'cluster')).not.toBe(secret);
    expect(modeOf('master.key')).toBe(0o600);
  });

  it('are not made anew over a damaged file', () => {
    fs.writeFileSync(path.join(root, 'master.key'), 'abc');
    expect(() => keepSecret(dataFolder(root), 'master')).toThrow(
      `${path.join(root, 'master.key')} is damaged: it must hold 64 hexadecimal digits; restore it from a backup`,
    );
  });
});

describe('lock', () => {
  it('is held against others until it is released', () => {
    const lock = lockFolder(root);
    expect(() => lockFolder(root)).toThrow(FolderLockedError);
    expect(() => lockFolder(root)).toThrow(
      `the data folder ${root} is in use by another stack (pid ${process.pid}); ` +
        'stop that one with "pnpm stop", or choose another folder: ARBOR_DATA_DIR=PATH',
    );
    lock.release();
    expect(holderOf(root)).toBeNull();
    lockFolder(root).release();
  });

  it('is taken over from a process whose number now belongs to another one', () => {
    const file = path.join(root, 'supervisor.lock');
    fs.writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'an earlier life' }));
    const lock = lockFolder(root);
    expect(holderOf(root)?.pid).toBe(process.pid);
    lock.release();
    expect(fs.readdirSync(root)).toEqual([]);
  });

  it('is taken over when nobody can read it', () => {
    fs.writeFileSync(path.join(root, 'supervisor.lock'), '');
    lockFolder(root).release();
    expect(fs.readdirSync(root)).toEqual([]);
  });
});

describe('run.json', () => {
  const run: RunFile = {
    supervisor: 1,
    web: null,
    api: 'http://localhost:4000',
    processes: [
      { name: 'etl', role: 'etl', pid: 2, port: 3, startedAt: 4, restarts: 0 },
      { name: 'storage-a', role: 'storage', zone: 'a', pid: 5, startedAt: 6, restarts: 1 },
    ],
    postgres: { url: 'postgresql://x', pid: 7, port: 8 },
    redis: { url: 'redis://y' },
    zones: ['a'],
    shards: 16,
    startedAt: 9,
  };

  it('is read back as written, and holds a password, so only its owner may read it', () => {
    writeRunFile(root, run);
    expect(readRunFile(root)).toEqual(run);
    expect(modeOf('run.json')).toBe(0o600);
    expect(fs.readdirSync(root)).toEqual(['run.json']);
    removeRunFile(root);
    expect(readRunFile(root)).toBeNull();
  });

  it('that cannot be understood counts as none', () => {
    fs.writeFileSync(path.join(root, 'run.json'), '{"supervisor": "me"');
    expect(readRunFile(root)).toBeNull();
  });
});

describe('cluster', () => {
  const settings = (env: Record<string, string> = {}) =>
    readSettings({ ARBOR_DATA_DIR: root, ...env });

  it('keeps the shards and zones it was made with', () => {
    expect(keepCluster(settings({ ARBOR_SHARDS: '8', ARBOR_ZONES: 'x,y' }))).toEqual({
      shards: 8,
      zones: ['x', 'y'],
    });
    expect(keepCluster(settings())).toEqual({ shards: 8, zones: ['x', 'y'] });
  });

  it('refuses other shards later, because stored rows would be looked for elsewhere', () => {
    keepCluster(settings());
    expect(() => keepCluster(settings({ ARBOR_SHARDS: '32' }))).toThrow(
      `the cluster in ${root} has 16 shards in zones a,b; ARBOR_SHARDS=32 and ARBOR_ZONES=a,b ` +
        'can be chosen for a new data folder only',
    );
  });
});

it('sets a log aside when it has grown too large', () => {
  const file = path.join(root, 'api.log');
  fs.writeFileSync(file, 'small');
  rotateLog(file);
  expect(fs.readdirSync(root)).toEqual(['api.log']);
  fs.truncateSync(file, 30 * 1024 * 1024);
  rotateLog(file);
  expect(fs.readdirSync(root)).toEqual(['api.log.1']);
});

it('refuses port 0 and a bootstrap that is no array, both at once', () => {
  expect(() => readSettings({ ARBOR_API_PORT: '0', ARBOR_BOOTSTRAP: '{"secret":"s"}' })).toThrow(
    [
      'the environment is not usable; set or correct:',
      '  ARBOR_API_PORT="0": must be a port from 1 to 65535',
      '  ARBOR_BOOTSTRAP=(hidden): must be a json array',
    ].join('\n'),
  );
});

it('refuses one port for both the dashboard and the api, unless there is no dashboard', () => {
  const env = { ARBOR_WEB_PORT: '4410', ARBOR_API_PORT: '4410' };
  expect(() => readSettings(env)).toThrow('ARBOR_WEB_PORT and ARBOR_API_PORT are both 4410');
  expect(readSettings({ ...env, ARBOR_WEB: '0' })).toMatchObject({ web: false, apiPort: 4410 });
});
