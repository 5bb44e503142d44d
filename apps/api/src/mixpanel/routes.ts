import type { Logger } from '@arbor/runtime/logger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../errors.ts';
import { projectIdSchema, signalOf } from '../rest/rest-request.ts';
import type { RestDeps } from '../rest/rest-request.ts';
import { annotationEndpoints, oldAnnotationEndpoints } from './app/annotations.ts';
import { lookupTableRoutes } from './app/lookup-tables.ts';
import { meRoute } from './app/me.ts';
import { projectAccountEndpoint, serviceAccountRoutes } from './app/service-accounts.ts';
import { schemaEndpoints } from './app/schemas.ts';
import { answerMixpanelErrors } from './answer-error.ts';
import { authenticate } from './authenticate.ts';
import { dataEndpoints } from './data/data-endpoints.ts';
import type { Endpoint } from './endpoint.ts';
import { bodyBytesMax, readParameters } from './parameters.ts';
import { reportEndpoints } from './report-endpoints.ts';

export interface MixpanelDeps extends RestDeps {
  readonly logger: Logger;
  readonly clock: () => number;
}

/** The current prefix, and the older one under which clients still ask (`query-api.md` 1.1). */
const queryPrefixes = ['/api/query', '/api/2.0'];
const appPrefixes = ['/api/app'];

/** Mixpanel's Query API and app API: names, parameters and answers are Mixpanel's, what they mean is ours. */
export function mixpanelRoutes(app: FastifyInstance, deps: MixpanelDeps): void {
  lookupTableRoutes(app, deps);
  void app.register((scope, _options, done) => {
    readRawBodies(scope);
    answerMixpanelErrors(scope, deps.logger);
    for (const prefix of queryPrefixes) {
      for (const endpoint of queryEndpoints(deps)) addRoute(scope, prefix, endpoint, deps);
      answerUnknown(scope, prefix);
    }
    for (const prefix of appPrefixes) {
      for (const endpoint of appEndpoints(deps)) addRoute(scope, prefix, endpoint, deps);
      meRoute(scope, prefix, deps);
      serviceAccountRoutes(scope, prefix, deps);
      answerUnknown(scope, prefix);
    }
    done();
  });
}

/** `/api/query/*` and `/api/2.0/*`. */
function queryEndpoints({ services, clock }: MixpanelDeps): readonly Endpoint[] {
  return [
    ...reportEndpoints({ ...services, clock }),
    ...dataEndpoints({ ...services, clock }),
    ...oldAnnotationEndpoints(services.annotations),
  ];
}

/** `/api/app/*`. */
function appEndpoints({ services }: MixpanelDeps): readonly Endpoint[] {
  return [
    ...annotationEndpoints(services.annotations),
    ...schemaEndpoints(services.schemas),
    projectAccountEndpoint(services.serviceAccounts),
  ];
}

/** Bodies are bytes: content decides what they are, not the header (1.1). */
export function readRawBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: bodyBytesMax },
    (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) => {
      done(null, body);
    },
  );
}

function addRoute(
  scope: FastifyInstance,
  prefix: string,
  { path, methods = ['GET', 'POST'], needed, handle }: Endpoint,
  deps: MixpanelDeps,
): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const parameters = await readParameters(request);
    const ofPath = request.params as Readonly<Record<string, string>>;
    const projectId = path.startsWith('/projects/:project')
      ? projectIdSchema.parse(ofPath['project'])
      : undefined;
    const caller = await authenticate(request, parameters, {
      deps,
      ...(needed !== undefined && { needed }),
      ...(projectId !== undefined && { projectId }),
    });
    const signal = signalOf(reply, deps);
    return handle({ ...caller, parameters, path: ofPath, signal, request, reply });
  };
  // The trailing slash is optional: older clients send it.
  for (const url of [`${prefix}${path}`, `${prefix}${path}/`]) {
    scope.route({ method: [...methods], url, handler });
  }
}

function answerUnknown(scope: FastifyInstance, prefix: string): void {
  scope.all(`${prefix}/*`, (request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    throw new ApiError('NOT_FOUND', `there is no ${request.method} ${path}`);
  });
}
