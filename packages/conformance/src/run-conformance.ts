import { helpOf, UsageError } from '@arbor/local-stack/parse-command';
import { CaseFileError, readCases } from './cases/read-cases.ts';
import { judgementsOf } from './judge/judgements.ts';
import { judgeCases } from './judge-cases.ts';
import { plan, readOptions, type Options } from './options.ts';
import { jsonReport, textReport, totalsOf } from './report.ts';

/** What the command line asks for is not possible: said in one line, ends with 2. */
const isMisuse = (error: unknown): error is Error =>
  error instanceof UsageError || error instanceof CaseFileError;

const started = Date.now();
const say = (text: string): void => {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${text}\n`);
};

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`ended by ${signal}`)));
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(helpOf(plan));
  else process.exitCode = await run(options);
} catch (error) {
  if (interrupted.signal.aborted) process.exitCode = 130;
  else if (isMisuse(error)) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exitCode = 1;
  }
}
// What is still under way after an interrupt ends here.
process.exit();

async function run({ paths, only, json, place }: Options): Promise<number> {
  const cases = readCases(paths).filter(({ id }) => only.length === 0 || only.includes(id));
  const unknown = only.find((id) => !cases.some((own) => own.id === id));
  if (unknown !== undefined)
    throw new CaseFileError(`there is no case "${unknown}" in ${paths.join(', ')}`);
  const stopped = interrupted.signal;
  const verdicts = await judgeCases(cases.map(judgementsOf), place, { say, stopped });
  process.stdout.write(`${json ? jsonReport(verdicts) : textReport(verdicts)}\n`);
  return totalsOf(verdicts).failed === 0 ? 0 : 1;
}
