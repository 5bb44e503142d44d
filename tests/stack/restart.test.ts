import net from 'node:net';
import { expect, test } from 'vitest';
import { startTestStack } from '@arbor/local-stack/testing/test-stack';
import { bootstrapOf, countEvents, testProject } from '../support/project.ts';
import { sendUntilAccepted } from '../support/retrying-client.ts';
import { until } from '../support/wait.ts';

const project = testProject(31, 'restart');
const bootstrap = bootstrapOf([project]);

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('close', () => resolve(false));
    socket.setTimeout(1000, () => socket.destroy());
  });
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a stopped stack leaves no process and no port, and the next start finds all data', async () => {
  const first = await startTestStack({ web: false, demo: false, bootstrap });
  await sendUntilAccepted(
    first.apiUrl,
    Array.from({ length: 100 }, (_, i) => ({
      event: 'Kept',
      properties: { token: project.token, distinct_id: `u${i % 10}`, $insert_id: `kept-${i}` },
    })),
  );
  const whole = { total: 100, users: 10 };
  await until(
    () => countEvents(first.apiUrl, project),
    (answer) => answer.total === 100,
  );
  const { processes, supervisor } = first.run();
  await first.stop({ keepData: true });

  const alive = processes.filter(({ pid }) => isAlive(pid)).map(({ name }) => name);
  expect(alive).toEqual([]);
  const ports = processes.flatMap(({ port }) => (port === undefined ? [] : [port]));
  expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
  expect(isAlive(supervisor)).toBe(false);

  const second = await startTestStack({
    web: false,
    demo: false,
    bootstrap,
    dataDir: first.dataDir,
  });
  try {
    for (const zone of ['a', 'b']) {
      expect(await countEvents(second.apiUrl, project, { zone }), `zone ${zone}`).toEqual(whole);
    }
  } finally {
    await second.stop();
  }
});
