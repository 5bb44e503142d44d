import { createLiveVisitors } from '@arbor/demo-world/live-visitors';
import type { DemoEvent } from '@arbor/demo-world/record';
import { expect, test } from 'vitest';
import type { Customer } from './customer.ts';
import { runLiveTraffic } from './live-traffic.ts';

/** Runs until so many events were sent, with a clock that only waiting and `work` move. */
async function run(count: number, work: (sentSoFar: number) => number) {
  let now = Date.parse('2026-11-22T19:00:00Z');
  const stop = new AbortController();
  const sent: { event: DemoEvent; at: number }[] = [];
  const customer: Customer = {
    importEvents: () => Promise.reject(new Error('live traffic does not import')),
    updatePeople: () => Promise.resolve(),
    track(events) {
      now += work(sent.length);
      for (const event of events) sent.push({ event, at: now });
      if (sent.length >= count) stop.abort(new Error('enough'));
      return Promise.resolve();
    },
  };
  const clock = (): number => now;
  await runLiveTraffic({
    visitors: createLiveVisitors({ seed: 11, world: { seed: 1, endDay: '2026-11-21' }, clock }),
    customer,
    clock,
    signal: stop.signal,
    onCovered: () => Promise.resolve(),
    wait: (ms) => {
      now += ms;
      return Promise.resolve();
    },
  });
  return sent;
}

test('sends each record when it has happened, and stops when told', async () => {
  const sent = await run(300, () => 5);
  expect(sent.length).toBeLessThan(320);
  for (const { event, at } of sent) {
    expect(at).toBeGreaterThanOrEqual(event.properties.time);
    expect(at - event.properties.time).toBeLessThan(500);
  }
});

test('goes on in the present when the api was away for an hour', async () => {
  let away = true;
  const sent = await run(100, (sentSoFar) => {
    if (sentSoFar < 20 || !away) return 5;
    away = false;
    return 3_600_000;
  });
  const late = sent.filter(({ event, at }) => at - event.properties.time > 60_000);
  expect(late.length).toBeGreaterThan(0);
  expect(late.length).toBeLessThan(10);
});
