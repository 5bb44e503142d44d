import fs from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import type { Logger } from 'pino';

export type { Logger } from 'pino';

export type LogLevel = pino.LevelWithSilent;

/**
 * JSON lines go to `file` whole; the terminal gets one short line each. Writes are synchronous, so
 * the last lines before a crash are on disk: they are the ones somebody will look for.
 */
export function createLogger(options: {
  name: string;
  level: LogLevel;
  /** Absolute; created with its folder. Without it only the terminal is written to. */
  file?: string | undefined;
  /** Where the short lines go; standard output unless a test says otherwise. */
  terminal?: { write(text: string): unknown };
}): Logger {
  const { name, level, file } = options;
  const terminal = options.terminal ?? process.stdout;
  // The streams let everything pass: `level` of the logger alone decides.
  const streams: pino.StreamEntry[] = [
    { level: 'trace', stream: { write: (line: string) => terminal.write(shortLine(line)) } },
  ];
  if (file !== undefined) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    streams.push({ level: 'trace', stream: pino.destination({ dest: file, sync: true }) });
  }
  const serializers = { err: errorFields };
  return pino({ name, level, base: { pid: process.pid }, serializers }, pino.multistream(streams));
}

/**
 * Of an error what it is and where: what else hangs on errors of clients may be what users sent (Redis: the arguments of the
 * command; PostgreSQL: the row in its `detail`), and logs name no user, for nobody can erase him there.
 */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: textOf(error) };
  const { type, message, stack } = pino.stdSerializers.err(error);
  const { code } = error as { code?: unknown };
  const told = typeof code === 'string' || typeof code === 'number' ? { code } : {};
  const errors = error instanceof AggregateError ? { errors: error.errors.map(errorFields) } : {};
  return { type, message, stack, ...told, ...errors };
}

/** Fields every line has, or that are shown in a form of their own. */
const plainFields = new Set(['level', 'time', 'pid', 'name', 'msg', 'err']);
const valueCharactersMax = 200;

/** `12:00:01 warn  queue is full  queue=ingest-live depth=10000`, then the error's stack if there is one. */
export function shortLine(json: string): string {
  const entry = JSON.parse(json) as Record<string, unknown>;
  const level = pino.levels.labels[Number(entry.level)] ?? String(entry.level);
  const clock = new Date(Number(entry.time)).toISOString().slice(11, 19);
  const fields = Object.entries(entry)
    .filter(([key, value]) => !plainFields.has(key) && value !== undefined)
    .map(([key, value]) => `${key}=${shortValue(value)}`);
  const parts = [`${clock} ${level.padEnd(5)} ${textOf(entry.msg)}`, ...fields].join('  ');
  return `${parts}${errorText(entry.err)}\n`;
}

function shortValue(value: unknown): string {
  const text = textOf(value);
  return text.length > valueCharactersMax ? `${text.slice(0, valueCharactersMax)}…` : text;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { stack, message } = error as { stack?: unknown; message?: unknown };
  const text = typeof stack === 'string' ? stack : typeof message === 'string' ? message : '';
  return text === '' ? '' : `\n${text}`;
}
