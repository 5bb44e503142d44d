import { holderOf } from '../folder-lock.ts';
import { readRunFile, type RunFile } from '../run-file.ts';
import { readSettings } from '../settings.ts';
import { CliError } from './command.ts';

/** The stack of ARBOR_DATA_DIR, which must be running. */
export function requireRunningStack(): RunFile {
  const run = findRunningStack();
  if (run !== null) return run;
  throw new CliError(
    `no stack runs on ${readSettings().dataDirectory}; start one with "pnpm start", or name its folder: ARBOR_DATA_DIR=PATH`,
  );
}

/** The stack of ARBOR_DATA_DIR, or null. A run.json whose supervisor is gone says nothing. */
export function findRunningStack(): RunFile | null {
  const { dataDirectory } = readSettings();
  return holderOf(dataDirectory) === null ? null : readRunFile(dataDirectory);
}
