import { shardOfUser } from '@arbor/engine/placement';
import type { TestStack } from '@arbor/local-stack/testing/test-stack';
import type { QueryInput } from '@arbor/schema/query';
import { ask, importEvents, requestAsAdmin, type TestProject, testProject } from './project.ts';
import { inParallel, sendUntilAccepted } from './retrying-client.ts';
import { until } from './wait.ts';

/*
 * Users of different shards become one while events arrive and reports are asked: every answer says how many pairs are one
 * user, and must lie between those that were joined when it was asked and when it came.
 */

const spread = 4;
export const pairCount = 24;
/** Of the one heavy user, who moves. */
export const heavyEvents = Number(process.env['ARBOR_TEST_MOVED_EVENTS'] ?? 200_000);
/** How many times longer everything may take than with the events that are usual. */
export const patience = Math.max(1, heavyEvents / 200_000);
const noisePerSecond = 2000;
const firstDay = Date.UTC(2026, 2, 1);
const dayMs = 86_400_000;
const range = { from: '2026-03-01', to: '2026-03-31' };

/** A project of several shards in a stack. */
export interface MovingWorld {
  readonly stack: TestStack;
  readonly project: TestProject;
}

/** A project whose users lie on several shards. */
export const movingProject = (id: number, name: string): TestProject => {
  return { ...testProject(id, name), spread };
};

export interface Pair {
  /** Known first: he stays. */
  readonly early: string;
  readonly late: string;
}

/** Two users of different shards. */
function pairs({ stack, project }: MovingWorld): Pair[] {
  const shardCount = stack.run().shards;
  const shardOf = (user: string): number =>
    shardOfUser(user, { project: project.id, spread, shardCount });
  return Array.from({ length: pairCount }, (_, n): Pair => {
    const early = `early-${n}`;
    for (let i = 0; ; i++) {
      const late = `late-${n}-${i}`;
      if (shardOf(late) !== shardOf(early)) return { early, late };
    }
  });
}

const eventOf = (event: string, user: string, day: number, n: number) => ({
  event,
  properties: {
    distinct_id: user,
    time: firstDay + day * dayMs + (n % 80_000) * 1000,
    $insert_id: `${event}-${user}-${day}-${n}`.slice(-36).replaceAll(' ', '-'),
    n,
  },
});

/** Everybody signs up and visits on the first day; who is late also comes back later, the first of them very often. */
async function load({ stack, project }: MovingWorld, all: readonly Pair[]): Promise<number> {
  const importAll = (events: ReturnType<typeof eventOf>[]) => {
    const batches: (typeof events)[] = [];
    for (let at = 0; at < events.length; at += 2000) batches.push(events.slice(at, at + 2000));
    return inParallel(batches, 3, (batch) => importEvents(stack.apiUrl, project, batch));
  };
  await importAll(
    all.flatMap(({ early }) => [eventOf('Signup', early, 0, 0), eventOf('Visit', early, 0, 1)]),
  );
  const late = all.flatMap(({ late: user }, pair) => {
    const count = pair === 0 ? heavyEvents : 10;
    const back = Array.from({ length: count }, (_, n) => eventOf('Return', user, 1 + (n % 20), n));
    return [eventOf('Visit', user, 0, 2), ...back];
  });
  await importAll(late);
  return late.length + 2 * all.length;
}

const only = (event: string) => ({ anyOf: [{ event }] });
const counted = ['Signup', 'Visit', 'Return'];

/** How many pairs are one user, as each kind of report says. */
export async function joinedBy(
  { stack, project }: MovingWorld,
  kind: string,
  total: number,
): Promise<number> {
  const answered = async (query: QueryInput) => (await ask(stack.apiUrl, project, query)).result;
  if (kind === 'insights') {
    const result = await answered({
      type: 'insights',
      range,
      unit: 'month',
      metrics: [
        { selector: { anyOf: counted.map((event) => ({ event })) }, measure: { type: 'total' } },
        { selector: only('Visit'), measure: { type: 'unique' } },
      ],
    });
    if (result.type !== 'insights') throw new Error(result.type);
    // Never is an event missing or doubled.
    check(result.series[0]?.total === total, `${result.series[0]?.total} of ${total} events`);
    return 2 * pairCount - (result.series[1]?.total ?? 0);
  }
  if (kind === 'active') {
    const result = await answered({
      type: 'insights',
      range: { from: '2026-03-01', to: '2026-03-01' },
      unit: 'day',
      metrics: [{ selector: only('Visit'), measure: { type: 'unique' } }],
    });
    if (result.type !== 'insights') throw new Error(result.type);
    return 2 * pairCount - (result.series[0]?.total ?? 0);
  }
  if (kind === 'funnel') {
    const steps = [only('Signup'), only('Return')];
    const result = await answered({ type: 'funnel', range, steps });
    if (result.type !== 'funnel') throw new Error(result.type);
    check(result.steps[0]?.count === pairCount, `${result.steps[0]?.count} signed up`);
    return result.steps[1]?.count ?? 0;
  }
  const result = await answered({
    type: 'retention',
    range: { from: '2026-03-01', to: '2026-03-01' },
    birth: only('Signup'),
    return: only('Return'),
    criterion: 'on',
    mode: 'calendar',
    intervals: 8,
  });
  if (result.type !== 'retention') throw new Error(result.type);
  check(result.cohorts[0]?.size === pairCount, `${result.cohorts[0]?.size} births`);
  return result.cohorts[0]?.counts[3] ?? 0;
}

function check(isRight: boolean, problem: string): void {
  if (!isRight) throw new Error(`a report was wrong: ${problem}`);
}

/** Asks one report after the other until stopped, and compares. Where processes are killed, an answer may fail, not be wrong. */
export class Watch {
  requested = 0;
  joined = 0;
  answers = 0;
  failures = 0;
  slowestMs = 0;
  readonly #world: MovingWorld;
  readonly #total: number;
  readonly #mayFail: boolean;
  readonly #done: Promise<unknown>;
  #isStopped = false;
  #error: unknown;

  constructor(
    world: MovingWorld,
    { total, mayFail }: { readonly total: number; readonly mayFail: boolean },
  ) {
    this.#world = world;
    this.#total = total;
    this.#mayFail = mayFail;
    this.#done = Promise.all(
      ['insights', 'active', 'funnel', 'retention'].map((kind) => this.#watch(kind)),
    );
    this.#done.catch((error: unknown) => (this.#error = error));
  }

  /** Throws what went wrong. */
  check(): void {
    if (this.#error !== undefined) throw this.#error;
  }

  said(): { answers: number; failures: number; slowestMs: number } {
    const { answers, failures, slowestMs } = this;
    return { answers, failures, slowestMs };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #watch(kind: string): Promise<void> {
    while (!this.#isStopped) {
      const { joined } = this;
      const started = Date.now();
      try {
        const said = await joinedBy(this.#world, kind, this.#total);
        const isRight = joined <= said && said <= this.requested;
        check(isRight, `${said}, joined ${joined}, asked for ${this.requested}: ${kind}`);
        this.answers++;
        this.slowestMs = Math.max(this.slowestMs, Date.now() - started);
      } catch (error) {
        if (!this.#mayFail || !isFailure(error)) throw error;
        this.failures++;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** No answer, other than a wrong one. */
const isFailure = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof Error && /: (429|5\d\d) /.test(error.message));

/** Says that both are one user, as a person does in the dashboard. */
export async function join({ stack, project }: MovingWorld, { early, late }: Pair): Promise<void> {
  const url = `${stack.apiUrl}/api/v1/projects/${project.id}/identity/merges`;
  const response = await requestAsAdmin(url, { body: { one: early, other: late } });
  if (!response.ok) throw new Error(`merge: ${response.status} ${await response.text()}`);
}

/** What was sent, and accepted, by how many users. */
export interface Noise {
  readonly events: number;
  readonly users: number;
  readonly perSecond: number;
}

/** Days that have all of it. */
export const noiseRange = range;
const noiseUsers = 3000;

/** Events of others, until stopped. */
export function makeNoise({ stack, project }: MovingWorld): { stop(): Promise<Noise> } {
  let isStopped = false;
  let sent = 0;
  const started = Date.now();
  const loop = async (): Promise<void> => {
    const everyMs = 100;
    const size = (noisePerSecond * everyMs) / 1000;
    while (!isStopped) {
      const began = Date.now();
      const events = Array.from({ length: size }, () => {
        const n = sent++;
        const { event, properties } = eventOf('Noise', `other-${n % noiseUsers}`, n % 20, n);
        return { event, properties: { ...properties, token: project.token } };
      });
      await sendUntilAccepted(stack.apiUrl, events);
      const left = everyMs - (Date.now() - began);
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    }
  };
  const done = loop();
  return {
    async stop() {
      isStopped = true;
      await done;
      const seconds = (Date.now() - started) / 1000;
      const users = Math.min(sent, noiseUsers);
      return { events: sent, users, perSecond: Math.round(sent / seconds) };
    },
  };
}

/** The pairs, none of them joined, and how many events they have: all of them are in reports. */
export async function loadPairs(world: MovingWorld): Promise<{ all: Pair[]; total: number }> {
  const all = pairs(world);
  const total = await load(world, all);
  await until(
    () => joinedBy(world, 'insights', total),
    (joined) => joined === 0,
    { timeoutMs: patience * 120_000, everyMs: 500 },
  );
  return { all, total };
}
