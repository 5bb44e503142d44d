import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const processSchema = z.object({
  name: z.string(),
  role: z.string(),
  zone: z.string().optional(),
  pid: z.number().int(),
  /** Absent for a process that listens to nothing. */
  port: z.number().int().optional(),
  /** When this process (not its predecessors) was started, ms. */
  startedAt: z.number(),
  /** How often the supervisor had to start it again. */
  restarts: z.number().int(),
});

const serverSchema = z.object({
  url: z.string(),
  /** Absent for a server of the operator's own. */
  pid: z.number().int().optional(),
  port: z.number().int().optional(),
});

/**
 * `run.json` of a data folder (run-contract, "Files"): who runs and where it listens, for tests, tools
 * and the next start. A process that is being restarted is not in it until it runs again.
 */
export const runFileSchema = z.object({
  supervisor: z.number().int(),
  /** Null without the dashboard. */
  web: z.string().nullable(),
  api: z.string(),
  processes: z.array(processSchema),
  postgres: serverSchema,
  redis: serverSchema,
  /** Address of the object store. Absent in files of versions that had none. */
  objects: z.string().optional(),
  zones: z.array(z.string()),
  shards: z.number().int(),
  /** Which programs run: the production build, or the sources. Absent in files of versions that did not say. */
  mode: z.enum(['dev', 'build', 'source']).optional(),
  startedAt: z.number(),
});
export type RunFile = z.infer<typeof runFileSchema>;
export type RunProcess = RunFile['processes'][number];

const pathOf = (dataDirectory: string): string => path.join(dataDirectory, 'run.json');

/**
 * Replaces the file in one step, so that a reader sees the old or the new one. It holds the address
 * of the database with its password, so only its owner may read it.
 */
export function writeRunFile(dataDirectory: string, content: RunFile): void {
  const file = pathOf(dataDirectory);
  const partial = `${file}.${process.pid}`;
  fs.writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(partial, file);
}

/** Null when there is none, or one that cannot be understood (then no stack of ours wrote it). */
export function readRunFile(dataDirectory: string): RunFile | null {
  let text: string;
  try {
    text = fs.readFileSync(pathOf(dataDirectory), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return runFileSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** After the last process of the stack has ended. */
export function removeRunFile(dataDirectory: string): void {
  fs.rmSync(pathOf(dataDirectory), { force: true });
}
