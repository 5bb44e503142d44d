import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../answer/answer.ts';
import { type Failure } from '../answer/failure-answer.ts';
import { countTurnedAway } from '../edge-metrics.ts';
import { answerPreflight, type CorsPolicy } from './cors.ts';
import { type EdgeRequest, toEdgeRequest } from './edge-request.ts';
import { sendAnswer } from './send-answer.ts';

export interface Endpoint {
  /** Without trailing slash and prefix. */
  readonly path: string;
  readonly methods: readonly ('GET' | 'POST')[];
  readonly handle: (request: EdgeRequest) => Answer | Promise<Answer>;
}

/** Endpoints that speak alike: the same rules for browsers, the same shape of errors. */
export interface EndpointFamily {
  readonly endpoints: readonly Endpoint[];
  readonly cors: CorsPolicy;
  readonly answerFailure: (failure: Failure) => Answer;
}

export interface RouteOptions {
  readonly prefixes: readonly string[];
  readonly bytesMax: number;
  readonly toFailure: (error: unknown) => Failure;
}

/**
 * Registers a family in a scope of its own. Every answer below its paths carries its CORS headers:
 * those of errors, of wrong methods and of paths that do not exist included, because a browser that
 * may not read an answer takes it for a failure of the network, and mixpanel-browser then drops data.
 */
export function registerFamily(
  app: FastifyInstance,
  family: EndpointFamily,
  options: RouteOptions,
): void {
  void app.register((scope, _options, done) => {
    readRawBodies(scope, options.bytesMax);
    scope.addHook('onRequest', (request, reply, next) => {
      family.cors(request, reply);
      void reply.header('x-content-type-options', 'nosniff');
      next();
    });
    scope.setErrorHandler((error, _request, reply) => {
      const failure = options.toFailure(error);
      if (failure.retryAfterSeconds !== undefined) countTurnedAway(failure.status);
      return sendAnswer(reply, family.answerFailure(failure));
    });
    for (const prefix of ['', ...options.prefixes.map(normalisePrefix)]) {
      for (const endpoint of family.endpoints) addRoutes(scope, prefix, { endpoint, family });
    }
    done();
  });
}

/**
 * Bodies are taken as bytes whatever their content type, also an invalid one: it is the content that
 * decides. The limit holds for the bytes on the wire here and again after decompression.
 */
function readRawBodies(scope: FastifyInstance, bytesMax: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    '*',
    { parseAs: 'buffer', bodyLimit: bytesMax },
    (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) => {
      done(null, body);
    },
  );
  scope.addHook('onRequest', (request, _reply, next) => {
    const type = request.headers['content-type'];
    // The framework answers 415 to what is no media type before a parser can be asked.
    if (type !== undefined && !/^[\w.+-]+\/[\w.+-]+\s*(;|$)/.test(type)) {
      request.headers['content-type'] = 'application/octet-stream';
    }
    next();
  });
}

function addRoutes(
  scope: FastifyInstance,
  prefix: string,
  { endpoint, family }: { endpoint: Endpoint; family: EndpointFamily },
): void {
  const path = `${prefix}${endpoint.path}`;
  const allowed: string[] = [...endpoint.methods, 'OPTIONS'];
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    sendAnswer(reply, await endpoint.handle(toEdgeRequest(request)));
  const refuseMethod = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = `method ${request.method} is not allowed, use ${endpoint.methods.join(' or ')}`;
    return sendAnswer(
      reply.header('allow', allowed.join(', ')),
      family.answerFailure({ status: 405, error }),
    );
  };
  const refused = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
    (method) => !allowed.includes(method),
  );
  for (const url of [path, `${path}/`]) {
    scope.route({ method: [...endpoint.methods], url, handler, exposeHeadRoute: false });
    scope.route({ method: 'OPTIONS', url, handler: answerPreflight });
    scope.route({ method: refused, url, handler: refuseMethod, exposeHeadRoute: false });
  }
  scope.all(`${path}/*`, (request, reply) =>
    sendAnswer(
      reply,
      family.answerFailure({ status: 404, error: `path ${pathOf(request)} does not exist` }),
    ),
  );
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

/** `collect/` and `/collect` are the same wish. */
function normalisePrefix(prefix: string): string {
  const inner = prefix.replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
}
