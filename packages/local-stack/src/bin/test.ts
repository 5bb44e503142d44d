import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseCommand } from '../parse-command.ts';
import { endPreparation } from '../prepare.ts';
import { Terminal } from '../terminal.ts';
import { parts } from '../test-run/parts.ts';
import type { PartResult } from '../test-run/reports.ts';
import { endTools } from '../test-run/tool-run.ts';
import type { TestStack } from '../testing/test-stack.ts';

const names = parts.map(({ name }) => name).join(', ');
const { values } = parseCommand({
  usage: 'pnpm test [--only PARTS]',
  about: `Runs everything: checks, unit tests, tests with real databases, the production build, tests of a
whole stack, and the dashboard in a real browser. Ends with one line "N passed, N failed".

parts: ${names}`,
  options: { only: { type: 'string', value: 'PARTS', about: 'only these, separated by commas' } },
});

const only = typeof values.only === 'string' ? values.only.split(',') : null;
const unknown = only?.find((name) => !parts.some((part) => part.name === name));
if (unknown !== undefined) {
  process.stderr.write(`there is no part "${unknown}"; there are ${names}\n`);
  process.exit(2);
}

const terminal = new Terminal();
const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'arbor-test-'));
let stack: TestStack | null = null;
let isInterrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isInterrupted) return;
    isInterrupted = true;
    endTools();
    void Promise.all([endPreparation(), stack?.stop()]).then(() => {
      fs.rmSync(reports, { recursive: true, force: true });
      process.exit(130);
    });
  });
}

const total = { passed: 0, failed: 0 };
const broken = new Set<string>();
for (const part of parts) {
  if (only !== null && !only.includes(part.name)) continue;
  const missing = part.needs?.find((name) => broken.has(name));
  const startedAt = Date.now();
  const result =
    missing === undefined
      ? await runPart(part)
      : { passed: 0, failed: 1, skipped: 0, output: `not run, because ${missing} failed` };
  total.passed += result.passed;
  total.failed += result.failed;
  if (result.failed > 0) {
    broken.add(part.name);
    terminal.line(`${result.output.trimEnd()}\n`);
  }
  terminal.line(summary(part.name, result, Date.now() - startedAt));
}
fs.rmSync(reports, { recursive: true, force: true });
terminal.line(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);

async function runPart(part: (typeof parts)[number]): Promise<PartResult> {
  try {
    const onStack = (one: TestStack | null): void => {
      stack = one;
    };
    return await part.run({ reports, onStack });
  } catch (error) {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failed: 1, skipped: 0, output };
  }
}

function summary(name: string, result: PartResult, ms: number): string {
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  const counts = `${result.passed} passed, ${result.failed} failed${skipped}`;
  return `${name.padEnd(10)} ${counts.padEnd(34)} ${(ms / 1000).toFixed(1)} s`;
}
