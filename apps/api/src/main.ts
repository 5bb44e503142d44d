import { createDb } from '@arbor/db';
import { migrate } from '@arbor/db/migrate';
import { createBackpressure } from '@arbor/queue/backpressure';
import { closeConnection, createProducerConnection, whenReady } from '@arbor/queue/connection';
import { createIngestProducer } from '@arbor/queue/ingest-producer';
import { createLogger } from '@arbor/runtime/logger';
import { startDefaultMetrics } from '@arbor/runtime/metrics';
import { crashOnUncaught, onShutdown } from '@arbor/runtime/shutdown';
import { buildApp } from './app.ts';
import { applyBootstrap, parseBootstrap } from './bootstrap/bootstrap.ts';
import { makeDemoBoard } from './bootstrap/demo-board.ts';
import { demoEntry, demoProjectId } from './bootstrap/demo-entry.ts';
import { offerSetupLink } from './bootstrap/setup-link.ts';
import { compose } from './compose.ts';
import { loadConfig } from './config.ts';

/** The API process: the edge, the distributed query server, tRPC, REST and sign-in on one port. */
const config = loadConfig();
const logger = createLogger({ name: config.name, level: config.logLevel, file: config.logFile });
crashOnUncaught(logger);
startDefaultMetrics();

const ran = await migrate(config.databaseUrl);
if (ran.length > 0) logger.info({ migrations: ran }, 'the database was brought up to date');

const db = createDb(config.databaseUrl);
onShutdown('database', () => db.$disconnect());
await applyBootstrap(
  db,
  [
    ...(config.demo ? [demoEntry] : []),
    ...(config.bootstrap === undefined ? [] : parseBootstrap(config.bootstrap)),
  ],
  { demoProjectId },
);
if (config.demo) await makeDemoBoard(db, demoProjectId, Date.now);
const link = await offerSetupLink(db, {
  dataDir: config.dataDir,
  webUrl: config.webUrl,
  now: new Date(),
});
if (link === 'offered') logger.info('nobody owns this installation yet: see setup-link.txt');

const onRedisError = (error: Error): void => logger.info({ reason: error.message }, 'redis');
const redis = createProducerConnection(config.redisUrl, onRedisError);
onShutdown('redis', () => closeConnection(redis));
await whenReady(redis);
const producer = createIngestProducer(config.redisUrl, onRedisError);
onShutdown('ingest producer', () => producer.close());
const backpressure = createBackpressure(
  config.redisUrl,
  { zones: config.zones, shards: config.shardCount },
  onRedisError,
);
onShutdown('backpressure', () => backpressure.close());

const { deps, close, drain } = compose(config, { db, redis, producer, backpressure }, logger);
const app = await buildApp(deps);
onShutdown('ingest counts', drain);
onShutdown('http', () => app.close());
// Before the server closes: it waits for answers, and a Live view is one that never ends.
onShutdown('streams', close);
// Node's 511 connections that wait to be taken are too few for clients that all come at once: those beyond are reset, and a client
// that was reset does not know whether its events are stored, where 429 says so. The system bounds it (`net.core.somaxconn`).
await app.listen({ host: config.host, port: config.port, backlog: 4096 });
logger.info({ url: config.apiUrl, port: config.port }, 'the api listens');
