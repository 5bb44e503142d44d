import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultEdgeOptions } from '../edge-options.ts';
import type { IngestQueue, LaneState } from '../ports.ts';
import { type Admission, type GateBounds, ProjectGate } from './project-gate.ts';

const large = 1;
const other = 2;
const small = 3;
const bounds: Partial<GateBounds> = {
  lightRecordsBurst: 100,
  lightRecordsPerSecond: 10,
  heavyRecordsMin: 1000,
  heldLiveMsMax: 2000,
  heldBulkMsMax: 5000,
};

let lane: LaneState;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  lane = { behindMs: 0, at: Date.now() };
});
afterEach(() => {
  vi.useRealTimers();
});

function gateWith(more: Partial<GateBounds> = {}): ProjectGate {
  return new ProjectGate({
    backpressure: { stateOf: () => lane },
    clock: Date.now,
    bounds: { ...defaultEdgeOptions, ...bounds, ...more },
  });
}

/** What became of requests, in the order in which it did. */
class Senders {
  readonly answers: string[] = [];
  readonly #gate: ProjectGate;

  constructor(gate: ProjectGate) {
    this.#gate = gate;
  }

  send(name: string, project: number, records: number, bytes = records): void {
    this.sendBy('bulk', name, { project, records, bytes });
  }

  sendBy(
    queue: IngestQueue,
    name: string,
    sent: Pick<Admission, 'project' | 'records' | 'bytes'> & Partial<Admission>,
  ): void {
    this.#gate.admit({ queue, comesBack: queue === 'live', ...sent }).then(
      () => this.answers.push(name),
      (error: { code: string; retryAfterSeconds: number }) =>
        this.answers.push(`${name} ${error.code} ${error.retryAfterSeconds}`),
    );
  }

  async after(ms: number): Promise<readonly string[]> {
    await vi.advanceTimersByTimeAsync(ms);
    return this.answers;
  }
}

/** From now on the lane stores nothing more. */
const stall = (): void => {
  const since = Date.now();
  const state = { behindMs: 500, at: since };
  lane = state;
};

test('who sends little passes while others wait', async () => {
  const senders = new Senders(gateWith());
  stall();
  senders.send('large 1', large, 3000);
  senders.send('large 2', large, 2000);
  senders.send('small 1', small, 50);
  expect(await senders.after(1000)).toEqual(['large 1', 'small 1']);
  senders.send('small 2', small, 50);
  expect(await senders.after(0)).toEqual(['large 1', 'small 1', 'small 2']);
});

test('as the lane gets on, projects take turns, however long their lines', async () => {
  const senders = new Senders(gateWith());
  stall();
  senders.send('first', large, 4000);
  for (const n of [1, 2, 3]) senders.send(`large ${n}`, large, 4000);
  for (const n of [1, 2]) senders.send(`other ${n}`, other, 4000);
  expect(await senders.after(500)).toEqual(['first']);
  for (let step = 0; step < 12; step++) {
    lane = { behindMs: 600, at: Date.now() + 600 };
    await senders.after(200);
  }
  expect(senders.answers).toEqual(['first', 'large 1', 'other 1', 'large 2', 'other 2', 'large 3']);
});

test('a turn that does not come is turned away, with a time to come back', async () => {
  const senders = new Senders(gateWith());
  stall();
  senders.send('first', large, 4000);
  senders.send('second', large, 4000);
  expect(await senders.after(4900)).toEqual(['first']);
  expect(await senders.after(300)).toEqual(['first', 'second OVERLOADED 5']);
});

test('browsers, which keep what they sent, wait less long for their turn than scripts', async () => {
  const senders = new Senders(gateWith());
  stall();
  for (const name of ['first', 'second']) {
    senders.sendBy('live', name, { project: large, records: 4000, bytes: 1 });
  }
  expect(await senders.after(1900)).toEqual(['first']);
  expect(await senders.after(300)).toEqual(['first', 'second OVERLOADED 5']);
});

test('a line of browsers that does not get shorter takes no more, and is open again when it is served', async () => {
  const senders = new Senders(gateWith({ jammedLiveMs: 500 }));
  stall();
  const send = (name: string, project = large): void =>
    senders.sendBy('live', name, { project, records: 4000, bytes: 1 });
  send('first');
  send('second');
  expect(await senders.after(600)).toEqual(['first']);
  send('third');
  send('other', other);
  expect(await senders.after(0)).toEqual(['first', 'third OVERLOADED 5']);
  lane = { behindMs: 0, at: Date.now() };
  expect((await senders.after(100)).at(-1)).toBe('second');
  send('fourth');
  for (let step = 0; step < 10; step++) {
    lane = { behindMs: 0, at: Date.now() };
    await senders.after(200);
  }
  expect(senders.answers.slice(3)).toEqual(['other', 'fourth']);
});

test('scripts that set profiles wait as long as those that import, and the browsers of their project not behind them', async () => {
  const senders = new Senders(gateWith({ jammedLiveMs: 500 }));
  stall();
  const send = (name: string, comesBack: boolean): void =>
    senders.sendBy('live', name, { project: large, records: 4000, bytes: 1, comesBack });
  send('first', false);
  send('second', false);
  expect(await senders.after(2500)).toEqual(['first']);
  send('third', false);
  send('browser', true);
  expect(await senders.after(1900)).toEqual(['first']);
  expect(await senders.after(300)).toEqual(['first', 'browser OVERLOADED 5']);
  expect((await senders.after(500)).at(-1)).toBe('second OVERLOADED 5');
  lane = { behindMs: 0, at: Date.now() };
  expect((await senders.after(100)).at(-1)).toBe('third');
});

test('what is turned away is not counted against the quota', async () => {
  const senders = new Senders(gateWith({ projectEventsPerMinuteMax: 8000 }));
  stall();
  senders.send('first', large, 4000);
  senders.send('second', large, 4000);
  await senders.after(0);
  senders.send('third', large, 1);
  expect(await senders.after(0)).toEqual(['first', 'third OVERLOADED 60']);
  await senders.after(5100);
  expect(senders.answers.at(-1)).toBe('second OVERLOADED 5');
  lane = { behindMs: 0, at: Date.now() };
  senders.send('fourth', large, 4000);
  expect((await senders.after(0)).at(-1)).toBe('fourth');
});

test('a line has a bound of its own, so that one project does not fill the memory for all', async () => {
  const senders = new Senders(gateWith({ heldBytesPerProjectMax: 10_000 }));
  stall();
  senders.send('first', large, 4000);
  senders.send('second', large, 4000, 9000);
  senders.send('third', large, 4000, 9000);
  senders.send('other', other, 4000, 9000);
  expect(await senders.after(10)).toEqual(['first', 'third OVERLOADED 5']);
});

test('beyond its quota a project is told when there is room again, others are not', async () => {
  const senders = new Senders(gateWith({ projectEventsPerMinuteMax: 120 }));
  senders.send('first', small, 80);
  await senders.after(10_000);
  senders.send('second', small, 80);
  senders.send('other', other, 80);
  await senders.after(0);
  expect(senders.answers).toEqual(['first', 'second OVERLOADED 50', 'other']);
  await senders.after(50_000);
  senders.send('third', small, 80);
  expect((await senders.after(0)).at(-1)).toBe('third');
});

test('who sends little goes by the live lane, whatever the endpoint', async () => {
  const gate = gateWith();
  const request = { queue: 'bulk', project: small, bytes: 1, comesBack: false } as const;
  expect(await gate.admit({ ...request, records: 100 })).toBe('live');
  expect(await gate.admit({ ...request, records: 1 })).toBe('bulk');
  await vi.advanceTimersByTimeAsync(1000);
  expect(await gate.admit({ ...request, records: 10 })).toBe('live');
});

test('bytes have a quota too', async () => {
  const senders = new Senders(gateWith({ projectBytesPerMinuteMax: 1000 }));
  senders.send('first', small, 1, 600);
  await senders.after(0);
  senders.send('second', small, 1, 600);
  expect(await senders.after(0)).toEqual(['first', 'second OVERLOADED 60']);
});

test('when the process ends all who wait are let in', async () => {
  const gate = gateWith();
  const senders = new Senders(gate);
  stall();
  senders.send('first', large, 4000);
  senders.send('second', large, 4000);
  await senders.after(10);
  expect(gate.heldBytes).toBe(4000);
  gate.drain();
  senders.send('third', large, 4000);
  expect(await senders.after(0)).toEqual(['first', 'third', 'second']);
  expect(gate.heldBytes).toBe(0);
});
