import type { FastifyInstance } from 'fastify';
import { AddressGate } from './admission/address-gate.ts';
import { ProjectGate } from './admission/project-gate.ts';
import type { Answer } from './answer/answer.ts';
import { clientFailureAnswer, failureAnswer } from './answer/failure-answer.ts';
import { sdkFailure } from './answer/sdk-answer.ts';
import { BatchSender } from './batch-sender.ts';
import { LoopTurns } from './decode/loop-turns.ts';
import { engage, groups } from './endpoint/engage.ts';
import { importEvents } from './endpoint/import.ts';
import { noFlagDefinitions, noFlags, noSettings, taken } from './endpoint/minimal.ts';
import { sdk } from './endpoint/sdk.ts';
import { track } from './endpoint/track.ts';
import { overloaded } from './edge-failure.ts';
import { defaultEdgeOptions } from './edge-options.ts';
import type { EdgeServices } from './edge-services.ts';
import { credentialedCors, noCors, openCors } from './http/cors.ts';
import type { EdgeRequest } from './http/edge-request.ts';
import { createFailureReader } from './http/failures.ts';
import { type Endpoint, registerFamily } from './http/routes.ts';
import { MicroBatcher } from './micro-batcher.ts';
import type { EdgeDeps, EdgeOptions, IngestQueue } from './ports.ts';
import { CookielessIds } from './record/cookieless.ts';
import { RejectedRecords } from './rejected-records.ts';

type Handle = (request: EdgeRequest, services: EdgeServices) => Promise<Answer>;

/**
 * Adds every path that clients write to: `/track`, `/engage`, `/groups`, `/import`, `/e` and the minimal
 * answers of `/flags`, `/settings` and `/record`.
 *
 * The client's address is what the framework says it is, so whoever makes `app` decides with its
 * `trustProxy` whose `X-Forwarded-For` counts. Closing `app` sends what is waiting first.
 */
export function registerEdge(app: FastifyInstance, deps: EdgeDeps): void {
  const options = { ...defaultEdgeOptions, ...deps.options };
  const services = createServices(deps, options);
  const { clock, logger } = deps;
  const { pathPrefixes: prefixes, requestBytesMax: bytesMax } = options;
  const toFailure = createFailureReader({ bytesMax, logger, clock });
  const routeOptions = { prefixes, bytesMax, toFailure };

  const guarded = (
    path: string,
    queue: IngestQueue,
    handle: Handle,
  ): Omit<Endpoint, 'methods'> => ({
    path,
    handle: async (request) => {
      refuseOverload(queue, deps, services);
      return handle(request, services);
    },
  });
  const both = ['GET', 'POST'] as const;
  const postOnly = ['POST'] as const;

  registerFamily(
    app,
    {
      cors: credentialedCors,
      answerFailure: clientFailureAnswer,
      endpoints: [
        { ...guarded('/track', 'live', track), methods: both },
        { ...guarded('/engage', 'live', engage), methods: both },
        { ...guarded('/groups', 'live', groups), methods: both },
        { path: '/flags', methods: ['GET'], handle: noFlags },
        { path: '/flags/definitions', methods: ['GET'], handle: noFlagDefinitions },
        { path: '/flags/:flag/first-time-events', methods: postOnly, handle: taken },
        { path: '/settings', methods: ['GET'], handle: noSettings },
        { path: '/record', methods: postOnly, handle: taken },
      ],
    },
    routeOptions,
  );
  registerFamily(
    app,
    {
      cors: noCors,
      answerFailure: failureAnswer,
      endpoints: [{ ...guarded('/import', 'bulk', importEvents), methods: both }],
    },
    routeOptions,
  );
  registerFamily(
    app,
    {
      cors: openCors,
      answerFailure: (failure) => sdkFailure(failure, clock()),
      endpoints: ['/e', ...options.sdkPaths].map((path) => ({
        ...guarded(path, 'live', sdk),
        methods: postOnly,
      })),
    },
    routeOptions,
  );
  app.addHook('preClose', () => {
    services.gate.drain();
    return services.batcher.drain();
  });
  app.addHook('onClose', () => services.batcher.drain());
}

function createServices(deps: EdgeDeps, options: EdgeOptions): EdgeServices {
  const { producer, clock, projects, addressKey, live, backpressure } = deps;
  const sender = new BatchSender({ producer, clock, patienceMs: options.producerPatienceMs });
  return {
    projects,
    batcher: new MicroBatcher({ sender, clock, bounds: options }),
    turns: new LoopTurns(),
    gate: new ProjectGate({ backpressure, clock, bounds: options }),
    addresses: new AddressGate({ clock, bounds: options }),
    cookieless: new CookielessIds(deps.dayKeys),
    rejected: new RejectedRecords(live),
    clock,
    addressKey,
    options,
  };
}

/** Before any work is done on a request: the queues are full, or too much of ours waits for room or for Redis. */
function refuseOverload(
  queue: IngestQueue,
  { backpressure }: EdgeDeps,
  { batcher, gate, options }: EdgeServices,
): void {
  const busy = backpressure.overloaded(queue);
  if (busy !== null) throw overloaded(busy.retryAfterSeconds);
  if (batcher.waitingBytes + gate.heldBytes >= options.waitingBytesMax) throw overloaded(1);
}
