import { createHmac, hkdfSync } from 'node:crypto';
import type { Db } from '@arbor/db';
import type { Backpressure } from '@arbor/queue/backpressure';
import { createConsumerConnection } from '@arbor/queue/connection';
import { sharedDayKeys } from '@arbor/queue/day-key';
import type { IngestProducer } from '@arbor/queue/ingest-producer';
import type { Logger } from '@arbor/runtime/logger';
import type { Redis } from 'ioredis';
import type { AppDeps } from './app.ts';
import { createAnnotations } from './annotations/annotation-store.ts';
import { createAuditLog } from './audit/audit-log.ts';
import { createAccounts, trustedOriginsOf } from './auth/accounts.ts';
import { createAuthenticator } from './auth/authenticate.ts';
import { createRateLimiter } from './auth/rate-limiter.ts';
import { createSetup } from './auth/setup.ts';
import type { Config } from './config.ts';
import { composeDefinitions } from './definitions/compose-definitions.ts';
import { createLexiconSchemas } from './definitions/lexicon-schemas.ts';
import { engine } from './dqs/engine.ts';
import { createExportService } from './dqs/export-service.ts';
import { createLqsClient } from './dqs/lqs-client.ts';
import { createNamesService } from './dqs/names-service.ts';
import { createProfilesService } from './dqs/profiles-service.ts';
import { createProjectMoves, readMoves } from './dqs/project-moves.ts';
import { createQueryService } from './dqs/query-service.ts';
import { createRedisMembers } from './dqs/redis-members.ts';
import { BatchSender } from './edge/batch-sender.ts';
import { type DayKeys, defaultEdgeSettings } from './edge/ports.ts';
import { RejectedRecords } from './edge/rejected-records.ts';
import { createIdentityService } from './identity/identity-service.ts';
import { countingProducer } from './health/counting-producer.ts';
import { IngestCounts } from './health/ingest-counts.ts';
import { createIngestHealth } from './health/ingest-health.ts';
import { checkReadiness } from './health/readiness.ts';
import { createRedisAnswers } from './idempotency/redis-answers.ts';
import { createImportStore } from './imports/import-store.ts';
import { createImports } from './imports/imports-service.ts';
import { RedisLive } from './live/redis-live.ts';
import { createRejectedSink } from './live/rejected-sink.ts';
import { OpenRequests } from './open-requests.ts';
import { createAccessLinks } from './privacy/access-link.ts';
import { createAccessExport } from './privacy/export-access.ts';
import { createPrivacyService } from './privacy/privacy-service.ts';
import { createProjectLookup } from './projects/project-lookup.ts';
import { createSavedReports } from './reports/saved-report-store.ts';
import { createBoards } from './boards/board-store.ts';
import { createProjectStore } from './projects/project-store.ts';
import { RequestLimits } from './rest/request-limits.ts';
import { createSdkLoader } from './sdk/load-sdk.ts';
import { createMembers } from './members/member-store.ts';
import { createServiceAccounts } from './service-accounts/service-account-store.ts';
import { createUsersService } from './users/users-service.ts';

/** What the process opened and must close: the rest is made of it. */
export interface Connections {
  readonly db: Db;
  readonly redis: Redis;
  readonly producer: IngestProducer;
  readonly backpressure: Backpressure;
}

/** How long a change by hand is offered to a Redis that is away. */
const editPatienceMs = 5000;

/**
 * Puts the parts together; opens nothing itself. `close` ends the streams that clients hold open, `drain` writes down what
 * the server counted until it closed.
 */
export function compose(
  config: Config,
  { db, redis, producer: queueProducer, backpressure }: Connections,
  logger: Logger,
): {
  readonly deps: AppDeps;
  readonly close: () => void;
  readonly drain: () => Promise<void>;
} {
  const { shardCount, zones, webUrl, masterKey } = config;
  const clock = Date.now;
  const requests = new OpenRequests();
  const counts = new IngestCounts(redis, logger);
  const producer = countingProducer(queueProducer, counts);
  const rejected = createRejectedSink(redis, { counts, logger });
  const projectLookup = createProjectLookup(db, clock);
  const trustedOrigins = trustedOriginsOf([webUrl, config.apiUrl]);
  const rateLimiter = createRateLimiter(redis);
  const members = createRedisMembers(redis, zones, clock);
  const lqs = createLqsClient(config.clusterKey);
  const accounts = createAccounts({ db, masterKey, webUrl, trustedOrigins, rateLimiter, logger });
  const live = new RedisLive({ redis, connect: () => blockingConnection(config, logger), logger });
  const { saved, definitions } = composeDefinitions(db, clock);
  const moves = createProjectMoves({ read: (project) => readMoves(db, project) });
  const queries = createQueryService({
    engine,
    saved,
    members,
    lqs,
    moves,
    shardCount,
    clock,
    logger,
  });
  const names = createNamesService({ members, lqs, shardCount, logger });
  const profiles = createProfilesService({ members, lqs, moves, shardCount, logger });
  const audit = createAuditLog(db);
  const sender = new BatchSender({ producer, clock, patienceMs: editPatienceMs });
  const users = createUsersService({
    db,
    queries,
    profiles,
    names,
    audit,
    clock,
    send: (batch) => sender.send(batch),
    overloaded: () => backpressure.overloaded('bulk'),
  });
  const identity = createIdentityService({
    db,
    audit,
    clock,
    send: (batch) => sender.send(batch),
  });
  const projects = createProjectStore(db);
  const privacy = createPrivacyService({
    db,
    links: createAccessLinks(masterKey),
    exportAccess: createAccessExport({ db, projects, queries, profiles, clock }),
    clock,
  });
  const deps: AppDeps = {
    services: {
      projects,
      queries,
      definitions: definitions({ engine, queries }),
      names,
      exports: createExportService({
        engine,
        saved,
        members,
        moves,
        clusterKey: config.clusterKey,
        shardCount,
        clock,
        logger,
      }),
      annotations: createAnnotations(db),
      savedReports: createSavedReports(db, clock),
      boards: createBoards(db, clock),
      schemas: createLexiconSchemas(db),
      users,
      identity,
      privacy,
      audit,
      live,
      ingestHealth: createIngestHealth({ redis, members, backpressure, zones, clock }),
      imports: createImports({
        store: createImportStore(db),
        settingsOf: async ({ token }) =>
          (await projectLookup.byToken(token))?.settings ?? defaultEdgeSettings,
        send: (batch) => sender.send(batch),
        overloaded: () => backpressure.overloaded('bulk'),
        lane: () => backpressure.stateOf('bulk'),
        rejected: new RejectedRecords(rejected),
        clock,
      }),
      serviceAccounts: createServiceAccounts(db, clock),
      members: createMembers(db, clock),
      setup: createSetup({ db, dataDir: config.dataDir, clock }),
      rateLimiter,
      demo: config.demo,
      requests,
    },
    accounts,
    authenticator: createAuthenticator({ db, accounts, clock }),
    edge: {
      projects: projectLookup,
      producer,
      backpressure,
      live: rejected,
      clock,
      addressKey: addressKey(masterKey),
      dayKeys: dayKeys(redis, masterKey),
      logger,
      options: {
        projectEventsPerMinuteMax: config.projectQuota.eventsPerMinuteMax,
        projectBytesPerMinuteMax: config.projectQuota.bytesPerMinuteMax,
        addressRecordsPerMinuteMax: config.addressEventsPerMinuteMax,
        requestBytesMax: config.requestBytesMax,
        pathPrefixes: config.pathPrefixes,
        redirectHosts: config.redirectHosts,
        sdkPaths: config.sdkEndpoint === '/e' ? [] : [config.sdkEndpoint],
      },
    },
    keptAnswers: createRedisAnswers(redis, masterKey),
    requestLimits: new RequestLimits(config.requestLimits, clock),
    ready: () => checkReadiness({ db, redis, members, shardCount }),
    sdk: {
      path: config.sdkPath,
      load: createSdkLoader({ dev: config.dev, endpoint: config.sdkEndpoint }),
    },
    logger,
    apiUrl: config.apiUrl,
    webUrl,
    trustedOrigins,
    zones,
    trustProxy: config.trustProxy,
  };
  return {
    deps,
    close: () => {
      requests.closeAll();
      live.close();
    },
    drain: () => counts.drain(),
  };
}

/** For one project's Live reader: it may wait, and it outlives a restart of Redis. */
function blockingConnection(config: Config, logger: Logger): Redis {
  return createConsumerConnection(config.redisUrl, (error) => {
    logger.debug({ reason: error.message }, 'live: connection to redis');
  });
}

/** Turns addresses into ids: the same in every process and after every restart. */
function addressKey(masterKey: string): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'arbor/address-ids', 32)).toString('hex');
}

/** Keys of visitors of a day: who has a copy of Redis while the day lasts still lacks our own part of them. */
function dayKeys(redis: Redis, masterKey: string): DayKeys {
  const own = Buffer.from(hkdfSync('sha256', masterKey, '', 'arbor/day-keys', 32));
  const shared = sharedDayKeys(redis);
  return async (day, forMs) =>
    createHmac('sha256', own)
      .update(await shared(day, forMs))
      .digest();
}
