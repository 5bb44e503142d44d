import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const directory = path.resolve(import.meta.dirname, '../../peers');

/** Databases that run inside a Node process, so that no server is between the question and the answer. */
export const peerNames = ['clickhouse', 'duckdb'] as const;
export type PeerName = (typeof peerNames)[number];

const packages: Readonly<Record<PeerName, string>> = {
  clickhouse: 'chdb',
  duckdb: '@duckdb/node-api',
};

/**
 * Downloads the peers (0.6 GB) at the versions of `peers/package.json`, once. They are kept out of the
 * workspace, so that nobody who does not run the bench pays for them.
 */
export function installPeers(names: readonly PeerName[], say: (text: string) => void): void {
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  say(`installing ${missing.join(' and ')} into packages/bench/peers (0.6 GB, once)`);
  const flags = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts'];
  const { status, error } = spawnSync('npm', ['install', ...flags], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0 || missing.some((name) => !isInstalled(name))) {
    throw new Error(
      `npm install in packages/bench/peers did not bring ${missing.join(' and ')}` +
        `${error === undefined ? '' : ` (${error.message})`}: run it by hand, or leave --peers out`,
    );
  }
}

const isInstalled = (name: PeerName): boolean =>
  fs.existsSync(path.join(directory, 'node_modules', packages[name], 'package.json'));

/** The version that runs, for the report. */
export function peerVersion(name: PeerName): string {
  const file = path.join(directory, 'node_modules', packages[name], 'package.json');
  return `${packages[name]} ${(JSON.parse(fs.readFileSync(file, 'utf8')) as { version: string }).version}`;
}

/** A module of a peer; its shape is stated by the adapter that asks, which uses a few functions of it. */
export function requirePeer<Module>(name: PeerName): Module {
  return createRequire(path.join(directory, 'package.json'))(packages[name]) as Module;
}
