import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/**
 * Runs a program of the bench in a process of its own, so that engines do not share memory or a heap, and
 * answers what it printed as JSON on its last line. Its messages go to our standard error. Throws with the
 * end of what it said when it fails or takes longer than `timeoutMs`.
 */
export async function runProgram<Answer>(
  program: string,
  job: unknown,
  options: { timeoutMs?: number; flags?: readonly string[] } = {},
): Promise<Answer> {
  const file = path.join(import.meta.dirname, program);
  const child = spawn(process.execPath, [...(options.flags ?? []), '--import', loader, file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.timeoutMs ?? 3_600_000,
  });
  // Not as an argument, of which Linux takes 128 KB: files of 100 million events are named by more.
  child.stdin.on('error', () => undefined); // it ended early, which its exit tells
  child.stdin.end(JSON.stringify(job));
  const output: Buffer[] = [];
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const lines = Buffer.concat(output).toString().trimEnd().split('\n');
  if (how !== 'code 0') {
    throw new Error(`${program} ended with ${how}:\n${`${lines.at(-1) ?? ''}\n${said}`.trim()}`);
  }
  // The program's last line is its answer; both ends of this pipe are ours.
  return JSON.parse(lines.at(-1) ?? 'null') as Answer;
}

/** What `runProgram` passes to a program. */
export function programJob<Job>(): Job {
  const text = fs.readFileSync(0, 'utf8');
  if (text === '') throw new Error('this program is started by the bench, with its job as JSON');
  return JSON.parse(text) as Job;
}

/** Prints the answer and ends: what an engine leaves open must not keep the process alive. */
export function endWith(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
}
