import fs from 'node:fs';
import path from 'node:path';
import { noItem } from '../world/day-columns.ts';
import * as words from '../world/vocabulary.ts';
import { requirePeer } from './install.ts';
import type { Cell, LoadReport, LoadSource, PeerLimits, PeerSession, Row } from './peer.ts';

/** The part of chDB that we use; it runs the statement before it returns. */
interface ChdbModule {
  readonly Session: new (directory: string) => {
    query(sql: string, format: string): string;
    close(): void;
  };
}

type Place = PeerLimits & { readonly directory: string };

const list = (values: readonly string[]): string => `[${values.map((v) => `'${v}'`).join()}]`;

/** Codes to text by position; the one constant array is made once a query. */
const word = (column: string, values: readonly string[]): string =>
  `${list(values)}[${column} + 1]`;

function open({ directory, threads, memoryGb }: Place): (sql: string) => Row[] {
  const { Session } = requirePeer<ChdbModule>('clickhouse');
  const session = new Session(directory);
  const run = (sql: string): Row[] =>
    session
      .query(sql, 'JSONCompactEachRow')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Cell[]);
  // No cache of results or of conditions: every run is to read the rows.
  run(
    `SET max_threads = ${threads}, max_insert_threads = ${threads}, max_query_size = 16000000,
     max_memory_usage = ${memoryGb * 1e9}, use_query_cache = 0, use_query_condition_cache = 0,
     output_format_json_quote_64bit_integers = 0`,
  );
  return run;
}

export function openClickhouse(place: Place): Promise<PeerSession> {
  const run = open(place);
  // The process ends after its one query, and the engine with it.
  return Promise.resolve({ rows: (sql) => Promise.resolve(run(sql)), close: () => undefined });
}

/**
 * One MergeTree by (event, user hash, time), which was the best order for most queries of the set, and a
 * narrow copy of the page views by day for the two questions that profit from it.
 */
export function loadClickhouse(job: Place & LoadSource): Promise<LoadReport> {
  fs.rmSync(job.directory, { recursive: true, force: true });
  const run = open(job);
  run('CREATE DATABASE bench ENGINE = Atomic');
  const started = performance.now();
  createPeople(run, path.join(job.root, 'people.native'));
  createEvents(run, path.join(job.root, 'days'));
  run(`CREATE TABLE bench.page_views (day UInt16, uid UInt64) ENGINE = MergeTree ORDER BY (day, uid) AS
    SELECT toUInt16(toDate(time)), uid FROM bench.events WHERE event = 'page_view'`);
  mergeIntoOnePart(run, 'page_views');
  const seconds = (performance.now() - started) / 1000;
  run('DROP TABLE bench.numbers SYNC');
  const sizes = run(`SELECT column, sum(column_data_compressed_bytes) FROM system.parts_columns
    WHERE active AND database = 'bench' AND table = 'events' GROUP BY column ORDER BY 2 DESC`);
  const [[rows, bytes]] = run(`SELECT sum(rows), sum(bytes_on_disk) FROM system.parts
    WHERE active AND database = 'bench' AND table = 'events'`) as [[number, number]];
  return Promise.resolve({
    rows,
    seconds,
    bytesPerEvent: bytes / rows,
    peakMemoryMb: process.resourceUsage().maxRSS / 1024,
    columns: Object.fromEntries(sizes.map(([name, size]) => [name, Number(size) / rows])),
  });
}

type Run = (sql: string) => Row[];

/** Attempts to merge while merges of the engine's own are under way, which take the parts it needs. */
const mergeAttempts = 120;
const mergePauseMs = 5000;

/**
 * One part is what the engine reads fastest and stores smallest. `OPTIMIZE … FINAL` alone is not enough:
 * it silently does nothing while a merge in the background holds some of the parts.
 */
function mergeIntoOnePart(run: Run, table: string): void {
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < mergeAttempts; attempt++) {
    try {
      run(`OPTIMIZE TABLE bench.${table} FINAL SETTINGS optimize_throw_if_noop = 1`);
    } catch (error) {
      // What cannot be merged now can be when the engine's own merge is over.
      if (!String(error).includes('CANNOT_ASSIGN_OPTIMIZE')) throw error;
    }
    const [[parts]] = run(`SELECT count() FROM system.parts
      WHERE active AND database = 'bench' AND table = '${table}'`);
    if (parts === 1) return;
    Atomics.wait(sleep, 0, 0, mergePauseMs);
  }
  throw new Error(`clickhouse did not merge ${table} into one part`);
}

function createPeople(run: Run, file: string): void {
  run(
    `CREATE TABLE bench.numbers (number UInt32, distinct_id String) ENGINE = Join(ANY, LEFT, number)`,
  );
  run(`INSERT INTO bench.numbers SELECT number, distinct_id FROM file('${file}', Native)`);
  run(`CREATE TABLE bench.people (distinct_id String, uid UInt64 DEFAULT cityHash64(distinct_id),
    plan LowCardinality(String), country LowCardinality(String), signup_date Date32, ltv Float64)
    ENGINE = MergeTree ORDER BY uid`);
  run(`INSERT INTO bench.people (distinct_id, plan, country, signup_date, ltv)
    SELECT distinct_id, ${word('plan', words.plans)}, ${word('country', words.countries)},
      addDays(toDate32('2026-01-01'), born), ltv FROM file('${file}', Native)`);
  mergeIntoOnePart(run, 'people');
}

function createEvents(run: Run, days: string): void {
  run(`CREATE TABLE bench.events (time DateTime64(3, 'UTC'), distinct_id String,
    uid UInt64 DEFAULT cityHash64(distinct_id), event LowCardinality(String), os LowCardinality(String),
    browser LowCardinality(String), country LowCardinality(String), plan LowCardinality(String),
    item LowCardinality(String), price Float64, quantity UInt8, referrer LowCardinality(String),
    url LowCardinality(String), is_new Bool) ENGINE = MergeTree ORDER BY (event, uid, time)`);
  const dayMs = `${words.firstDayMs} + toUInt64(extract(_file, '(\\\\d+)')) * ${words.dayMs}`;
  run(`INSERT INTO bench.events (time, distinct_id, event, os, browser, country, plan, item, price,
      quantity, referrer, url, is_new)
    SELECT fromUnixTimestamp64Milli(toInt64(${dayMs} + f.time), 'UTC'),
      joinGet('bench.numbers', 'distinct_id', f.user),
      ${word('event', words.events)}, ${word('system', words.systems)},
      ${word('browser', words.browsers)}, ${word('country', words.countries)},
      ${word('plan', words.plans)},
      if(item = ${noItem}, '', ${word('item', words.items)}), f.price / 100, f.quantity,
      ${word('referrer', words.referrers)}, ${word('url', words.urls)}, isNew = 1
    FROM file('${days}/*.native', Native) AS f`);
  mergeIntoOnePart(run, 'events');
}
