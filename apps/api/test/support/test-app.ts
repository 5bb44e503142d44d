import type { Db } from '@arbor/db';
import { createConsumerConnection } from '@arbor/queue/connection';
import type { FastifyInstance } from 'fastify';
import type { Redis } from 'ioredis';
import { buildApp } from '../../src/app.ts';
import { createAnnotations } from '../../src/annotations/annotation-store.ts';
import { createAuditLog } from '../../src/audit/audit-log.ts';
import { createAccounts, trustedOriginsOf } from '../../src/auth/accounts.ts';
import { createAuthenticator } from '../../src/auth/authenticate.ts';
import { createRateLimiter } from '../../src/auth/rate-limiter.ts';
import { createSetup } from '../../src/auth/setup.ts';
import { composeDefinitions } from '../../src/definitions/compose-definitions.ts';
import { createImportStore } from '../../src/imports/import-store.ts';
import { createImports } from '../../src/imports/imports-service.ts';
import { defaultEdgeSettings } from '../../src/edge/ports.ts';
import { createIngestHealth } from '../../src/health/ingest-health.ts';
import { createIdentityService } from '../../src/identity/identity-service.ts';
import { createLexiconSchemas } from '../../src/definitions/lexicon-schemas.ts';
import { createExportService } from '../../src/dqs/export-service.ts';
import { createLqsClient } from '../../src/dqs/lqs-client.ts';
import { createNamesService } from '../../src/dqs/names-service.ts';
import { createProfilesService } from '../../src/dqs/profiles-service.ts';
import type { Members } from '../../src/dqs/ports.ts';
import { createQueryService } from '../../src/dqs/query-service.ts';
import { checkReadiness } from '../../src/health/readiness.ts';
import { createRedisAnswers } from '../../src/idempotency/redis-answers.ts';
import { RedisLive } from '../../src/live/redis-live.ts';
import { OpenRequests } from '../../src/open-requests.ts';
import { createAccessLinks } from '../../src/privacy/access-link.ts';
import { createAccessExport } from '../../src/privacy/export-access.ts';
import { createPrivacyService } from '../../src/privacy/privacy-service.ts';
import { createProjectLookup } from '../../src/projects/project-lookup.ts';
import { createSavedReports } from '../../src/reports/saved-report-store.ts';
import { createBoards } from '../../src/boards/board-store.ts';
import { createProjectStore } from '../../src/projects/project-store.ts';
import { RequestLimits } from '../../src/rest/request-limits.ts';
import { prepareSdkFiles, sdkPartNames } from '../../src/sdk/load-sdk.ts';
import { createMembers } from '../../src/members/member-store.ts';
import { createServiceAccounts } from '../../src/service-accounts/service-account-store.ts';
import { createUsersService } from '../../src/users/users-service.ts';
import { clusterKey } from './fake-lqs.ts';
import { silentLogger } from './silent-logger.ts';
import { sumEngine } from './sum-engine.ts';

export const webUrl = 'http://localhost:3000';

export interface TestApp {
  readonly app: FastifyInstance;
  readonly redis: Redis;
  close(): Promise<void>;
}

/** The whole API over a real database and a real Redis; only the queues and the engine are stand-ins. */
export async function startTestApp(options: {
  readonly db: Db;
  readonly redisUrl: string;
  readonly dataDir: string;
  readonly members: Members;
  readonly demo?: boolean;
  readonly perMinuteMax?: number;
}): Promise<TestApp> {
  const { db, redisUrl, members } = options;
  const logger = silentLogger;
  const clock = Date.now;
  const shardCount = 4;
  const connect = (): Redis => createConsumerConnection(redisUrl, () => undefined);
  const redis = connect();
  const rateLimiter = createRateLimiter(redis);
  const trustedOrigins = trustedOriginsOf([webUrl, 'http://localhost:4000']);
  const masterKey = 'the-master-key-of-these-tests';
  const accounts = createAccounts({ db, masterKey, webUrl, trustedOrigins, rateLimiter, logger });
  const lqs = createLqsClient(clusterKey);
  const live = new RedisLive({ redis, connect, logger });
  const requests = new OpenRequests();
  const { saved, definitions } = composeDefinitions(db, clock);
  const engine = sumEngine;
  const moves = { settled: () => Promise.resolve(undefined) };
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
  const app = await buildApp({
    services: {
      projects: createProjectStore(db),
      queries,
      definitions: definitions({ engine, queries }),
      names,
      exports: createExportService({
        engine,
        saved,
        members,
        moves,
        clusterKey,
        shardCount,
        clock,
        logger,
      }),
      annotations: createAnnotations(db),
      savedReports: createSavedReports(db, clock),
      boards: createBoards(db, clock),
      schemas: createLexiconSchemas(db),
      ingestHealth: createIngestHealth({
        redis,
        members,
        backpressure: {
          queueStats: () =>
            Promise.resolve({ depths: [], redisBytes: 0, deadLetters: 0, sampledAt: clock() }),
          stateOf: () => ({ behindMs: 0, at: clock() }),
        },
        zones: ['a', 'b'],
        clock,
      }),
      imports: createImports({
        store: createImportStore(db),
        settingsOf: () => Promise.resolve(defaultEdgeSettings),
        send: () => Promise.resolve(),
        overloaded: () => null,
        lane: () => ({ behindMs: 0, at: clock() }),
        rejected: { report: () => undefined },
        clock,
      }),
      audit: createAuditLog(db),
      identity: createIdentityService({
        db,
        audit: createAuditLog(db),
        clock,
        send: () => Promise.resolve(),
      }),
      privacy: createPrivacyService({
        db,
        links: createAccessLinks(masterKey),
        exportAccess: createAccessExport({
          db,
          projects: createProjectStore(db),
          queries,
          profiles: createProfilesService({ members, lqs, moves, shardCount, logger }),
          clock,
        }),
        clock,
      }),
      users: createUsersService({
        db,
        queries,
        profiles: createProfilesService({ members, lqs, moves, shardCount, logger }),
        names,
        send: () => Promise.resolve(),
        audit: createAuditLog(db),
        overloaded: () => null,
        clock,
      }),
      live,
      serviceAccounts: createServiceAccounts(db, clock),
      members: createMembers(db, clock),
      setup: createSetup({ db, dataDir: options.dataDir, clock }),
      rateLimiter,
      demo: options.demo ?? true,
      requests,
    },
    accounts,
    authenticator: createAuthenticator({ db, accounts, clock }),
    edge: {
      projects: createProjectLookup(db, clock),
      producer: { add: () => Promise.resolve() },
      backpressure: { overloaded: () => null, stateOf: () => ({ behindMs: 0, at: 0 }) },
      live: { publishRejected: () => undefined },
      clock,
      addressKey: 'the-address-key-of-these-tests',
      dayKeys: (day) => Promise.resolve(Buffer.from(`key of day ${day}`)),
      logger,
    },
    keptAnswers: createRedisAnswers(redis, masterKey),
    requestLimits: new RequestLimits(
      { perMinuteMax: options.perMinuteMax ?? 10_000, atOnceMax: 100 },
      clock,
    ),
    ready: () => checkReadiness({ db, redis, members, shardCount }),
    sdk: {
      path: '/sdk/arbor.js',
      load: () =>
        Promise.resolve(
          prepareSdkFiles(
            {
              version: '1.0.0',
              script: '/* sdk */ 1;',
              stub: '/* stub */',
              parts: sdkPartNames.map((name) => `/* ${name} */ 1;`),
            },
            '/e',
          ),
        ),
    },
    logger,
    apiUrl: 'http://localhost:4000',
    webUrl,
    trustedOrigins,
    zones: ['a', 'b'],
    trustProxy: 'loopback',
  });
  return {
    app,
    redis,
    close: async () => {
      requests.closeAll();
      live.close();
      await app.close();
      redis.disconnect();
    },
  };
}
