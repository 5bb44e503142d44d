import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFreePorts, isPortFree, requireFreePort } from './ports.ts';

let server: net.Server;
let port = 0;
beforeEach(async () => {
  server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
});

it('finds different free ports below those of outgoing connections', async () => {
  const ports = await findFreePorts(5);
  expect(new Set(ports).size).toBe(5);
  for (const one of ports) {
    expect(one).toBeGreaterThanOrEqual(20_000);
    expect(one).toBeLessThan(32_000);
    expect(await isPortFree(one)).toBe(true);
  }
});

it('says which port is taken, by whom, and how to choose another', async () => {
  expect(await isPortFree(port)).toBe(false);
  const refusal = requireFreePort(port, 'ARBOR_WEB_PORT');
  await expect(refusal).rejects.toThrow(`port ${port} is taken by `);
  await expect(refusal).rejects.toThrow(`choose another port: ARBOR_WEB_PORT=${port + 100}`);
});

it.runIf(process.platform === 'linux')('names the process that has the port', async () => {
  const refusal = requireFreePort(port, 'ARBOR_API_PORT');
  await expect(refusal).rejects.toThrow(`(pid ${process.pid})`);
});
