import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestStack, type TestStack } from '@arbor/local-stack/testing/test-stack';
import { bootstrapOf, countEvents, importEvents, testProject } from '../support/project.ts';
import { until } from '../support/wait.ts';

const tracking = testProject(63, 'tracking');
const importing = testProject(64, 'importing');
const quiet = testProject(65, 'quiet');
/** Of each project; a run that takes longer than a minute has it again for each minute that it lasts. */
const eventsPerMinuteMax = 3000;
const minuteMs = 60_000;
const requests = 60;
const eventsARequest = 100;

let stack: TestStack;
beforeAll(async () => {
  const bootstrap = bootstrapOf([tracking, importing, quiet]);
  const env = { ARBOR_PROJECT_EVENTS_PER_MINUTE: String(eventsPerMinuteMax) };
  stack = await startTestStack({ web: false, demo: false, bootstrap, env });
});
afterAll(() => stack.stop());

type Load = 'track' | 'import';

const projectOf = (load: Load) => (load === 'track' ? tracking : importing);

/** One request of the load, as its clients send it. The name of its events says which one it was. */
function send(load: Load, request: number): Promise<Response> {
  const { id, token, secret } = projectOf(load);
  const events = Array.from({ length: eventsARequest }, (_, i) => ({
    event: `Sent ${request}`,
    properties: { token, distinct_id: `u${i}`, $insert_id: `${request}-${i}`, time: Date.now() },
  }));
  const text = JSON.stringify(events);
  const type = { 'content-type': 'application/json' };
  if (load === 'track') {
    return fetch(`${stack.apiUrl}/track?verbose=1`, { method: 'POST', headers: type, body: text });
  }
  const authorization = `Basic ${Buffer.from(`${secret}:`).toString('base64')}`;
  return fetch(`${stack.apiUrl}/import?strict=1&project_id=${id}`, {
    method: 'POST',
    headers: { ...type, authorization, 'content-encoding': 'gzip' },
    body: new Uint8Array(gzipSync(text)),
  });
}

test.each(['track', 'import'] as const)(
  'beyond the limit of a project /%s answers 429 with a time to come back: what was accepted is stored once, the rest not at all',
  async (load) => {
    const started = performance.now();
    const answers = await Promise.all(
      Array.from({ length: requests }, async (_, request) => {
        const response = await send(load, request);
        const body: unknown = await response.json();
        return { request, status: response.status, headers: response.headers, body };
      }),
    );
    const minutes = Math.ceil((performance.now() - started) / minuteMs);
    const accepted = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 429);
    expect(accepted.length + refused.length).toBe(requests);
    const most = eventsPerMinuteMax / eventsARequest;
    expect(accepted.length).toBeGreaterThanOrEqual(most);
    expect(accepted.length).toBeLessThanOrEqual(most * minutes);
    for (const { headers, body } of refused) {
      const seconds = Number(headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(body).toEqual({
        code: 429,
        error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
        status: 'Too Many Requests',
      });
    }
    // Another project is not concerned.
    const own = { distinct_id: 'u', $insert_id: `beside-${load}`, time: Date.now() };
    await importEvents(stack.apiUrl, quiet, [{ event: `Beside ${load}`, properties: own }]);
    const project = projectOf(load);
    for (const zone of ['a', 'b']) {
      await until(
        () => countEvents(stack.apiUrl, project, { zone }),
        ({ total }) => total >= accepted.length * eventsARequest,
      );
      const { total } = await countEvents(stack.apiUrl, project, { zone });
      expect(total, zone).toBe(accepted.length * eventsARequest);
      const [last] = accepted.slice(-1);
      const event = `Sent ${last?.request}`;
      const of = await countEvents(stack.apiUrl, project, { zone, event });
      expect(of, zone).toEqual({ total: eventsARequest, users: eventsARequest });
      await until(
        () => countEvents(stack.apiUrl, quiet, { zone, event: `Beside ${load}` }),
        ({ total }) => total === 1,
      );
    }
  },
);
