import type { Readiness } from '@arbor/runtime/health-server';
import { registry } from '@arbor/runtime/metrics';
import type { FastifyInstance } from 'fastify';

/** `/healthz`, `/readyz` and `/metrics`, as every process has them. */
export function healthRoutes(app: FastifyInstance, ready: () => Promise<Readiness>): void {
  app.get('/healthz', async (_request, reply) => {
    return reply.header('cache-control', 'no-store').send({ ok: true });
  });
  app.get('/readyz', async (_request, reply) => {
    const readiness = await ready();
    reply.code(readiness.ok ? 200 : 503).header('cache-control', 'no-store');
    return reply.send(readiness);
  });
  app.get('/metrics', async (_request, reply) => {
    reply.header('content-type', registry.contentType).header('cache-control', 'no-store');
    return reply.send(await registry.metrics());
  });
}
