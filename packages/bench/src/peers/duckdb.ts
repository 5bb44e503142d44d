import fs from 'node:fs';
import path from 'node:path';
import { bytesOf } from '../data-folder.ts';
import { columnNames, columnTypes, noItem, type DayColumns } from '../world/day-columns.ts';
import { readDay } from '../world/native-file.ts';
import { makeTables } from '../world/tables.ts';
import { distinctIdOf, lifetimeValue, makeUsers, userCountOf } from '../world/users.ts';
import * as words from '../world/vocabulary.ts';
import { requirePeer } from './install.ts';
import type { Cell, LoadReport, LoadSource, PeerLimits, PeerSession } from './peer.ts';

/** The part of DuckDB's client that we use. */
interface DuckdbModule {
  readonly DuckDBInstance: {
    create(file: string, settings: Record<string, string>): Promise<Instance>;
  };
  readonly DuckDBDataChunk: { create(types: readonly unknown[], rowCount: number): Chunk };
  readonly UTINYINT: unknown;
  readonly USMALLINT: unknown;
  readonly UINTEGER: unknown;
}
interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowsJson(): unknown[][] }>;
  createAppender(table: string): Promise<Appender>;
  closeSync(): void;
}
interface Appender {
  appendDataChunk(chunk: Chunk): void;
  appendUInteger(value: number): void;
  appendUTinyInt(value: number): void;
  appendInteger(value: number): void;
  appendDouble(value: number): void;
  appendVarchar(value: string): void;
  endRow(): void;
  closeSync(): void;
}
interface Chunk {
  getColumnVector(index: number): {
    items: { set(values: ArrayLike<number>): void };
    flush(): void;
  };
}

type Place = PeerLimits & { readonly directory: string };

/** Rows of one of DuckDB's vectors. */
const vectorRows = 2048;

const databaseFile = (directory: string): string => path.join(directory, 'bench.duckdb');

async function connect(place: Place, access: 'READ_ONLY' | 'READ_WRITE'): Promise<Connection> {
  const { directory, threads, memoryGb } = place;
  const { DuckDBInstance } = requirePeer<DuckdbModule>('duckdb');
  const instance = await DuckDBInstance.create(databaseFile(directory), {
    threads: String(threads),
    memory_limit: `${memoryGb}GB`,
    temp_directory: path.join(directory, 'spill'),
    access_mode: access,
  });
  return instance.connect();
}

export async function openDuckdb(place: Place): Promise<PeerSession> {
  const connection = await connect(place, 'READ_ONLY');
  return {
    rows: async (sql) =>
      (await connection.runAndReadAll(sql)).getRowsJson().map((row) => row.map(plainCell)),
    close: () => connection.closeSync(),
  };
}

/** Integers of 64 bits and more come as text. */
function plainCell(value: unknown): Cell {
  if (typeof value === 'number') return value;
  const text = String(value);
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

/** One table sorted by (event, user hash, time), with enums where values are few. */
export async function loadDuckdb(job: Place & LoadSource): Promise<LoadReport> {
  fs.rmSync(job.directory, { recursive: true, force: true });
  fs.mkdirSync(job.directory, { recursive: true });
  const connection = await connect(job, 'READ_WRITE');
  const staging = path.join(job.directory, 'staging.duckdb');
  await connection.run(`ATTACH '${staging}' AS staging`);
  const started = performance.now();
  await createWords(connection);
  await stageDays(connection, path.join(job.root, 'days'));
  await stagePeople(connection, job);
  await connection.run(sortedEvents);
  await connection.run(sortedPeople);
  await connection.run('DETACH staging');
  await connection.run('CHECKPOINT');
  const seconds = (performance.now() - started) / 1000;
  const counted = await connection.runAndReadAll('SELECT count(*) FROM events');
  const rows = Number(counted.getRowsJson()[0]?.[0]);
  connection.closeSync();
  fs.rmSync(staging, { force: true });
  return {
    rows,
    seconds,
    bytesPerEvent: bytesOf(databaseFile(job.directory)) / rows,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
  };
}

/** Values by code, in tables of their own or as enums, whose codes are the same. */
async function createWords(connection: Connection): Promise<void> {
  const list = (values: readonly string[]): string => values.map((value) => `'${value}'`).join();
  const { events, systems, browsers, countries, plans, items, referrers, urls } = words;
  for (const [name, values] of Object.entries({ events, systems, browsers, countries, plans })) {
    await connection.run(`CREATE TYPE enum_${name} AS ENUM (${list(values)})`);
  }
  for (const [name, values] of Object.entries({ items, referrers, urls })) {
    await connection.run(`CREATE TABLE staging.${name} AS SELECT
      unnest(range(${values.length}))::USMALLINT code, unnest([${list(values)}]) word`);
  }
}

async function stageDays(connection: Connection, days: string): Promise<void> {
  const sqlTypes: Record<number, string> = { 1: 'UTINYINT', 2: 'USMALLINT', 4: 'UINTEGER' };
  const columns = columnNames.map(
    (name) => `"${name}" ${sqlTypes[columnTypes[name].BYTES_PER_ELEMENT]}`,
  );
  await connection.run(`CREATE TABLE staging.codes (day UTINYINT, ${columns.join()})`);
  for (let day = 0; day < words.dayCount; day++) {
    const file = path.join(days, `${String(day).padStart(3, '0')}.native`);
    await appendDay(connection, day, readDay(file));
  }
}

async function appendDay(connection: Connection, day: number, columns: DayColumns): Promise<void> {
  const module = requirePeer<DuckdbModule>('duckdb');
  const types: Record<number, unknown> = {
    1: module.UTINYINT,
    2: module.USMALLINT,
    4: module.UINTEGER,
  };
  const chunkTypes = columnNames.map((name) => types[columnTypes[name].BYTES_PER_ELEMENT]);
  await connection.run('USE staging');
  const appender = await connection.createAppender('codes');
  for (let start = 0; start < columns.rowCount; start += vectorRows) {
    const end = Math.min(columns.rowCount, start + vectorRows);
    const chunk = module.DuckDBDataChunk.create([module.UTINYINT, ...chunkTypes], end - start);
    const fill = (index: number, values: ArrayLike<number>): void => {
      const vector = chunk.getColumnVector(index);
      vector.items.set(values);
      vector.flush();
    };
    fill(0, new Uint8Array(end - start).fill(day));
    columnNames.forEach((name, index) => fill(index + 1, columns[name].subarray(start, end)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  await connection.run('USE bench');
}

async function stagePeople(connection: Connection, { events, seed }: LoadSource): Promise<void> {
  const users = makeUsers(userCountOf(events), seed, makeTables(seed));
  await connection.run(`CREATE TABLE staging.people (number UINTEGER, distinct_id VARCHAR,
    plan UTINYINT, country UTINYINT, born INTEGER, ltv DOUBLE)`);
  await connection.run('USE staging');
  const appender = await connection.createAppender('people');
  for (let user = 0; user < users.count; user++) {
    appender.appendUInteger(user);
    appender.appendVarchar(distinctIdOf(user, seed));
    appender.appendUTinyInt(users.plan[user]);
    appender.appendUTinyInt(users.country[user]);
    appender.appendInteger(users.born[user]);
    appender.appendDouble(lifetimeValue(users, user, seed));
    appender.endRow();
  }
  appender.closeSync();
  await connection.run('USE bench');
}

const word = (code: string, name: string): string =>
  `enum_range(NULL::enum_${name})[${code} + 1]::enum_${name}`;

const sortedEvents = `CREATE TABLE events AS SELECT
    make_timestamp_ms(${words.firstDayMs} + day::BIGINT * ${words.dayMs} + "time")::TIMESTAMP_MS AS time,
    hash(p.distinct_id) AS uid, p.distinct_id, ${word('event', 'events')} AS event,
    ${word('"system"', 'systems')} AS os, ${word('browser', 'browsers')} AS browser,
    ${word('c.country', 'countries')} AS country, ${word('c.plan', 'plans')} AS plan,
    i.word AS item, CASE WHEN item <> ${noItem} THEN price / 100 END AS price,
    CASE WHEN item <> ${noItem} THEN quantity END AS quantity,
    r.word AS referrer, u.word AS url, "isNew" = 1 AS is_new
  FROM staging.codes c JOIN staging.people p ON c."user" = p.number
    LEFT JOIN staging.items i ON c.item = i.code
    JOIN staging.referrers r ON c.referrer = r.code JOIN staging.urls u ON c.url = u.code
  ORDER BY event, uid, time`;

const sortedPeople = `CREATE TABLE people AS SELECT hash(distinct_id) AS uid, distinct_id,
    ${word('plan', 'plans')} AS plan, ${word('country', 'countries')} AS country,
    (DATE '2026-01-01' + born)::DATE AS signup_date, ltv
  FROM staging.people ORDER BY uid`;
