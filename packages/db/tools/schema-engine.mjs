#!/usr/bin/env node
/*
 * Stands in for the schema engine that Prisma's command line would download: the same JSON-RPC over
 * stdin and stdout, answered by the WebAssembly build of that engine, which npm carries. Plain
 * JavaScript, because the command line starts this file itself. Only development uses it; a running
 * Arbor migrates with `src/migrate.ts`.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const { command, databaseUrl, schemaFiles } = readArguments(process.argv.slice(2));
const address = new URL(databaseUrl ?? '');
const databaseName = decodeURIComponent(address.pathname.slice(1));

if (command === undefined) serve();
else await runCommand(command);

function readArguments(args) {
  const found = { command: undefined, databaseUrl: process.env.DATABASE_URL, schemaFiles: [] };
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--datamodels') found.schemaFiles.push(args[++i]);
    else if (args[i] === '--datasource') {
      found.databaseUrl = JSON.parse(args[++i]).url ?? found.databaseUrl;
    } else if (args[i] === 'cli') found.command = args[++i];
  }
  return found;
}

/** Not a connection string: pg would prefer the database in it to the shadow database named here. */
function connection(database) {
  return {
    host: address.hostname,
    port: Number(address.port || 5432),
    user: decodeURIComponent(address.username),
    password: decodeURIComponent(address.password),
    database,
  };
}

async function withDatabase(database, run) {
  const client = new pg.Client(connection(database));
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
}

async function createDatabase() {
  await withDatabase('postgres', async (client) => {
    try {
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(databaseName)}`);
    } catch (error) {
      if (error.code !== '42P04') throw error; // It is there already.
    }
  });
  return { databaseName };
}

const errorCodes = { '3D000': 'P1003', '28P01': 'P1000', ECONNREFUSED: 'P1001' };

function prismaCode(error) {
  return /^(P\d{4})\b/.exec(error.message)?.[1] ?? errorCodes[error.code];
}

/** `cli can-connect-to-database` and `cli create-database`. */
async function runCommand(name) {
  try {
    await (name === 'create-database' ? createDatabase() : withDatabase(databaseName, () => {}));
  } catch (error) {
    const line = {
      level: 'ERROR',
      target: 'schema_engine::logger',
      fields: { message: error.message, error_code: prismaCode(error) ?? 'P1001' },
    };
    // The command line drops the first line and parses the others as JSON.
    process.stderr.write(`{}\n${JSON.stringify(line)}`);
    process.exitCode = 1;
  }
}

/** Answers requests one after the other, in the order they came, until stdin ends. */
function serve() {
  let last = Promise.resolve();
  readline.createInterface({ input: process.stdin }).on('line', (line) => {
    last = last.then(() => answer(JSON.parse(line)));
  });
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

/** Methods that the engine does not answer itself, or not as the command line expects. */
const ownMethods = {
  createDatabase,
  ensureConnectionValidity: async () => {
    await withDatabase(databaseName, () => {});
    return {};
  },
  getDatabaseVersion: async (params) => (await engineFor('version', params)).version(),
  diff: async (params) => {
    const result = await (await engineFor('diff', params)).diff(params);
    // The binary prints by asking the command line to; that request needs an id nobody else uses.
    if (typeof result.stdout === 'string') {
      send({ id: 1e6, method: 'print', params: { content: result.stdout } });
    }
    return { ...result, stdout: null };
  },
};

let panic;

async function answer({ id, method, params = {} }) {
  if (!method) return; // The command line's reply to `print`.
  try {
    const own = ownMethods[method];
    const result = own
      ? await own(params)
      : await (await engineFor(method, params))[method](params);
    send({ id, result: result ?? null });
  } catch (error) {
    const data = {
      is_panic: false,
      message: panic ?? error.message ?? String(error),
      meta: null,
      error_code: prismaCode(error),
    };
    send({ id, error: { code: 4466, message: 'see data', data } });
  }
}

let loading;

/**
 * A new engine for every call, because `applyMigrations` loses the factory of the shadow database; the
 * two calls that do not set it up themselves are primed with one that does.
 */
async function engineFor(method, { migrationsList, filters }) {
  loading ??= loadEngine();
  const engine = await (await loading)();
  if (method === 'evaluateDataLoss' || method === 'createMigration') {
    await engine.devDiagnostic({ migrationsList, filters });
  }
  return engine;
}

async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => {
      panic = message;
    },
  };
  const glue = await instantiate();
  const factory = await adapterFactory();
  const datamodels = schemaFiles.map((file) => [file, readFileSync(file, 'utf8')]);
  const options = { datamodels: datamodels.length > 0 ? datamodels : undefined };
  return () =>
    glue.SchemaEngine.new(options, () => {}, bindMigrationAwareSqlAdapterFactory(factory));
}

/** The package's entry imports a .wasm module, which Node 20 cannot: it is instantiated by hand. */
async function instantiate() {
  const require = createRequire(import.meta.url);
  const folder = path.dirname(require.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const glue = await import(pathToFileURL(path.join(folder, 'schema_engine_bg.js')).href);
  const bytes = readFileSync(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return glue;
}

async function adapterFactory() {
  const schema = address.searchParams.get('schema') ?? undefined;
  const main = new PrismaPg(connection(databaseName), { schema });
  await teachCharType(main);
  return {
    provider: main.provider,
    adapterName: main.adapterName,
    connect: () => main.connect(),
    connectToShadowDb,
  };
}

/** The adapter's own drops the shadow database while it is still connected to it. */
async function connectToShadowDb() {
  const name = `prisma_migrate_shadow_db_${randomUUID()}`;
  await withDatabase('postgres', (client) => client.query(`CREATE DATABASE "${name}"`));
  const shadow = await new PrismaPg(connection(name)).connect();
  const dispose = shadow.dispose.bind(shadow);
  shadow.dispose = async () => {
    await dispose();
    await withDatabase('postgres', (client) =>
      client.query(`DROP DATABASE "${name}" WITH (FORCE)`),
    );
  };
  return shadow;
}

const charOid = 18;
const fixedCharOid = 1042;

/** adapter-pg 7.10 does not know the catalog type "char", which introspection reads. */
async function teachCharType(adapter) {
  const probe = await adapter.connect();
  let prototype = probe;
  while (!Object.hasOwn(prototype, 'performIO')) prototype = Object.getPrototypeOf(prototype);
  const original = {
    performIO: Reflect.get(prototype, 'performIO'),
    queryRaw: Reflect.get(prototype, 'queryRaw'),
  };
  const charColumns = new WeakMap();
  prototype.performIO = async function performIO(query) {
    const result = await original.performIO.call(this, query);
    const columns = [];
    for (const [i, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== charOid) continue;
      field.dataTypeID = fixedCharOid;
      columns.push(i);
    }
    charColumns.set(query, columns);
    return result;
  };
  prototype.queryRaw = async function queryRaw(query) {
    const result = await original.queryRaw.call(this, query);
    for (const i of charColumns.get(query) ?? []) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  await probe.dispose();
}
