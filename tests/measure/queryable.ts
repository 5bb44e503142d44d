/**
 * How long until an event that `/track` accepted can be queried, on an idle stack: starts a stack of
 * its own, sends one event at a time, asks the Query API until it is counted, and prints the times.
 */
import { startTestStack } from '@arbor/local-stack/testing/test-stack';
import { bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { sendUntilAccepted } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';

const probes = 50;
const project = testProject(51, 'latency');

const stack = await startTestStack({ web: false, demo: false, bootstrap: bootstrapOf([project]) });
const times: number[] = [];
try {
  for (let probe = 1; probe <= probes; probe++) {
    const started = performance.now();
    await sendUntilAccepted(stack.apiUrl, [
      {
        event: 'Probe',
        properties: { token: project.token, distinct_id: `u${probe}`, $insert_id: `p-${probe}` },
      },
    ]);
    await until(
      () => countEvents(stack.apiUrl, project),
      ({ total }) => total === probe,
      { timeoutMs: 30_000, everyMs: 5 },
    );
    times.push(performance.now() - started);
  }
} finally {
  await stack.stop();
}
times.sort((a, b) => a - b);
const at = (share: number): string =>
  (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(0);
process.stdout.write(
  `sent to queryable, ${probes} single events on an idle stack: ` +
    `median ${at(0.5)} ms, p90 ${at(0.9)} ms, slowest ${at(1)} ms\n`,
);
