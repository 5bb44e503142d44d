import fs from 'node:fs';
import path from 'node:path';
import { createDb } from '@arbor/db';
import { type BulkTarget, importInBulk } from '../import/bulk.ts';
import { importFile, type ImportReport } from '../import/import-file.ts';
import { formatOf } from '../import/read-file.ts';
import { ImportError, requireToken } from '../import/sender.ts';
import type { ParsedCommand } from '../parse-command.ts';
import { Terminal } from '../terminal.ts';
import { sleep } from '../wait.ts';
import { apiOptions, apiUrl, credentialsOf } from './api-options.ts';
import { CliError, print, requiredOption, textOption, type CliCommand } from './command.ts';
import { columnsOption, formatOption, fromLineOption, readingOptions } from './import-options.ts';
import { findRunningStack } from './running-stack.ts';

const refusalsShown = 20;
const defaultInFlight = 4;
/** Smaller files take no time through the api, and are seen in the Live view as they pass. */
const bulkBytesMin = 4_000_000;

export const importCommand: CliCommand = {
  name: 'import',
  summary: 'send files of events or people to a project',
  plan: {
    usage: 'pnpm cli import FILE... --project TOKEN [options]',
    about: `Sends files of events and people: one JSON record a line, packed with gzip or not (also a raw export of
Mixpanel), CSV, or Parquet. Records of JSON are events ({"event", "properties"}) or people
({"$distinct_id", "$set", …}), told apart by their shape. Rows of a table are events, with --people people:
columns say what an event is (options), all others are properties; a time without a zone is UTC.

An import that was cut short is simply run again: events that are there already are not counted twice. It
says from which line on, which saves the time (--from-line). Updates of people are applied again by each
run, which only matters to $add and $append: give those an $insert_id of their own.

Large files of JSON events go straight into the store of the running stack when it is this machine's;
--http sends them through the api instead, as all other files and all to another address or with other
credentials go.

Ends with 1 when a record was refused; the others are imported all the same.`,
    options: {
      project: { type: 'string', value: 'TOKEN', about: 'token of the project' },
      ...readingOptions,
      http: { type: 'boolean', about: 'send everything through the api' },
      ...apiOptions,
      'in-flight': { type: 'string', value: 'N', about: `requests at once (${defaultInFlight})` },
    },
    positionals: true,
  },
  run: async (parsed) => {
    const token = requiredOption(parsed, 'project');
    if (parsed.positionals.length === 0) throw new CliError('name a file to import');
    const report = textOption(parsed, 'refused');
    if (report !== undefined) fs.writeFileSync(report, '');
    let refused = 0;
    for (const file of parsed.positionals) refused += await importOne(file, token, parsed);
    return refused > 0 ? 1 : 0;
  },
};

/** Answers how many records were refused. */
async function importOne(file: string, token: string, parsed: ParsedCommand): Promise<number> {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new CliError(`there is no file ${file}`);
  if (stat.isDirectory()) throw new CliError(`${file} is a folder; name the files in it`);
  const { size } = stat;
  const terminal = new Terminal();
  const startedAt = Date.now();
  const label = `${path.basename(file)}, kB`;
  const format = formatOption(parsed) ?? formatOf(file);
  let openLine = fromLineOption(parsed);
  const onInterrupt = (): void => {
    terminal.close();
    print(goOnText(file, openLine));
    process.exit(130);
  };
  try {
    await requireToken(apiUrl(parsed), token);
    const bulk = format === 'ndjson' ? await bulkTarget(parsed, { token, size }) : null;
    if (bulk === null) process.once('SIGINT', onInterrupt);
    const options = {
      ...credentialsOf(parsed, token),
      apiUrl: apiUrl(parsed),
      token,
      people: parsed.values.people === true,
      format,
      columns: columnsOption(parsed),
      fromLine: openLine,
      onAnsweredTo: (line: number) => {
        openLine = Math.max(openLine, line);
      },
      inFlight: inFlight(parsed),
      sleep,
      onRetry: (text: string) => terminal.line(text),
      onBytes: (bytes: number) =>
        terminal.progress({ label, done: Math.ceil(bytes / 1000), total: Math.ceil(size / 1000) }),
    };
    const report = await (bulk === null
      ? importFile(file, options)
      : importInBulk(file, bulk, options));
    terminal.close();
    print(formatReport(file, report, Date.now() - startedAt));
    appendRefused(file, report, textOption(parsed, 'refused'));
    return report.refused.length;
  } catch (error) {
    terminal.close();
    if (error instanceof ImportError) {
      throw new CliError(`${file}: ${error.message}\n${goOnText(file, openLine)}`);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') === true) throw new CliError(`${file} is damaged: ${String(error)}`);
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** What to do after an import that was cut short. */
const goOnText = (file: string, line: number): string =>
  line <= 1
    ? `run the import of ${file} again: nothing is counted twice`
    : `what stands before line ${line} of ${file} is imported: go on with --from-line ${line}`;

/** All that was refused, as lines of JSON; the first ones are printed as well. */
function appendRefused(file: string, { refused }: ImportReport, target: string | undefined): void {
  if (target === undefined) return;
  const lines = refused.map((one) => `${JSON.stringify({ file, ...one })}\n`);
  fs.appendFileSync(target, lines.join(''));
}

/** Where a file may be written without the api; null = it goes through it. */
async function bulkTarget(
  parsed: ParsedCommand,
  { token, size }: { token: string; size: number },
): Promise<BulkTarget | null> {
  const isElsewhere = ['http', 'people', 'api', 'secret', 'service-account', 'from-line'].some(
    (option) => parsed.values[option] !== undefined,
  );
  const run = findRunningStack();
  if (isElsewhere || size < bulkBytesMin || run?.objects === undefined) return null;
  const db = createDb(run.postgres.url);
  try {
    const project = await db.project.findUnique({ where: { token }, select: { spread: true } });
    const isOnOneShard = project !== null && Math.min(project.spread, run.shards) === 1;
    if (!isOnOneShard) return null;
    return {
      databaseUrl: run.postgres.url,
      objects: run.objects,
      shards: run.shards,
      fromBuild: run.mode === 'build',
    };
  } finally {
    await db.$disconnect();
  }
}

function inFlight(parsed: ParsedCommand): number {
  const text = textOption(parsed, 'in-flight') ?? String(defaultInFlight);
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new CliError(`--in-flight "${text}": must be a number from 1 to 64`);
}

function formatReport(file: string, report: ImportReport, ms: number): string {
  const { events, people, refused } = report;
  const parts = [`${events} events`, `${people} people`].filter((part) => !part.startsWith('0 '));
  const rate = Math.round(((events + people) * 1000) / Math.max(1, ms));
  const lines = [
    `${file}: imported ${parts.join(' and ') || 'nothing'} in ${(ms / 1000).toFixed(1)} s (${rate} a second)`,
  ];
  if (refused.length === 0) return lines.join('\n');
  lines.push(`${refused.length} records were refused:`);
  for (const { line, reason } of refused.slice(0, refusalsShown)) {
    lines.push(`  line ${line}: ${reason}`);
  }
  const hidden = refused.length - refusalsShown;
  if (hidden > 0) lines.push(`  and ${hidden} more`);
  return lines.join('\n');
}
