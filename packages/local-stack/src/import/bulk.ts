import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';
import { type BulkMessage, bulkMessageSchema } from '@arbor/schema/bulk';
import { repository } from '../repository.ts';
import { type ImportReport, type SendOptions, sendRecords } from './import-file.ts';
import { type ImportRecord, newRun, parseRecord } from './records.ts';
import { ImportError } from './sender.ts';

/** The servers of a stack whose store a file may be written into. */
export type BulkTarget = {
  readonly databaseUrl: string;
  /** Address of the object store. */
  readonly objects: string;
  readonly shards: number;
  /** The stack runs the production build: then so does the import. */
  readonly fromBuild: boolean;
};

/**
 * Imports a file with a process of the worker app that writes segments of its events itself. The records that it
 * leaves to ingestion (people, commands of identity, what may be refused) are sent to the api meanwhile, and
 * judged there; the report is that of both.
 */
export async function importInBulk(
  file: string,
  target: BulkTarget,
  options: SendOptions & { readonly onBytes?: (bytes: number) => void },
): Promise<ImportReport> {
  const child = new BulkProcess(file, target, options.token);
  try {
    const sent = await sendRecords(child.oddRecords(options), options);
    return { ...sent, events: sent.events + child.eventsDone };
  } finally {
    child.stop();
  }
}

class BulkProcess {
  readonly #child;
  readonly #ended: Promise<string>;
  #problem = '';
  #eventsDone: number | undefined;

  constructor(file: string, target: BulkTarget, token: string) {
    const { databaseUrl, objects, shards, fromBuild } = target;
    const directory = repository.app('worker');
    this.#child = spawn(process.execPath, programArguments(directory, fromBuild), {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        ARBOR_OBJECTS: objects,
        ARBOR_SHARDS: String(shards),
        ARBOR_BULK_TOKEN: token,
        ARBOR_BULK_FILE: path.resolve(file),
      },
    });
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#problem = (this.#problem + text.toString()).slice(-2000);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('close', (code, signal) => resolve(signal ?? `code ${code}`));
    });
  }

  /** Known when all records were given. */
  get eventsDone(): number {
    return this.#eventsDone ?? 0;
  }

  /** Records for the api as the process meets them. Throws `ImportError` when it ends before the file does. */
  async *oddRecords(options: {
    readonly token: string;
    readonly onBytes?: (bytes: number) => void;
  }): AsyncGenerator<ImportRecord> {
    const run = newRun();
    for await (const message of this.#messages()) {
      if (message.type === 'progress') options.onBytes?.(message.bytes);
      else if (message.type === 'done') this.#eventsDone = message.events;
      else if (message.type === 'failed') throw new ImportError(message.message);
      else if (message.text.trim() !== '') {
        yield parseRecord(message.text, message.line, { token: options.token, run });
      }
    }
    const ending = await this.#ended;
    if (this.#eventsDone !== undefined) return;
    throw new ImportError(
      `the import ended early (${ending}); run it again, nothing is counted twice. ${this.#problem}`,
    );
  }

  stop(): void {
    this.#child.kill();
  }

  async *#messages(): AsyncGenerator<BulkMessage> {
    for await (const line of readline.createInterface({ input: this.#child.stdout })) {
      yield bulkMessageSchema.parse(JSON.parse(line));
    }
  }
}

/**
 * Of V8, for all threads. What an import makes is read once and dies, but with the sizes that heaps begin with V8
 * looks through them for garbage every 60 ms, which is a tenth of all time.
 */
const v8Options = ['--initial-old-space-size=256', '--min-semi-space-size=16'];

/** Without the loader, which takes as long as 200,000 events, where there is a build. */
function programArguments(directory: string, fromBuild: boolean): string[] {
  if (fromBuild) {
    return [...v8Options, '--enable-source-maps', path.join(directory, 'dist/bulk-main.mjs')];
  }
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return [...v8Options, '--import', loader, path.join(directory, 'src/bulk/bulk-main.ts')];
}
