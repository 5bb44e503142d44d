import { post } from '../arbor/post.ts';
import type { LoadName } from './ingest-options.ts';
import { queryableOf } from './ingest-stack.ts';
import { eventsARequest, loadRequest, type LoadRequest } from './load-requests.ts';

export interface LoadPlan {
  readonly apiUrl: string;
  readonly load: LoadName;
  readonly seconds: number;
  /** Events a second; 0 = as many as are taken. */
  readonly rate: number;
  readonly senders: number;
  /** Send each request once, and leave what was turned away. */
  readonly isOpen: boolean;
  /** The number of the first request: no two of a stack may be the same. */
  readonly firstRequest: number;
}

export interface LoadOutcome {
  /** Events of requests that were turned away for good, and of those that got no answer: the latter may be stored. */
  readonly turnedAway: number;
  readonly unanswered: number;
  /** Events answered with success, and from the first request to the last answer, ms. */
  readonly accepted: number;
  readonly sendingMs: number;
  /** From the first request until the last probe could be queried, ms. */
  readonly queryableMs: number;
  /** Answers by status; 0 = no answer. */
  readonly answers: ReadonlyMap<number, number>;
  /** Answers 429 that do not say when to come back. */
  readonly unclearRefusals: number;
  /** From the sending of a request that was accepted, to its answer and until its probe could be queried, ms, ascending. */
  readonly answerMs: readonly number[];
  readonly probeMs: readonly number[];
  /** From that answer until the probe could be queried. */
  readonly acceptedProbeMs: readonly number[];
}

const probeEveryMs = 250;
/** Each look is a query over what came last, which is no part of the load: as rare as the times are to be exact. */
const pollEveryMs = 250;
/** Names that one query may ask about. */
const probesAtOnce = 25;
const queryableMsMax = 180_000;
/** Longer would leave the stack idle. */
const pauseMsMax = 5000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a load and waits until all of it can be queried. Each request is sent until it is accepted, unless the load is open. */
export async function runLoad(plan: LoadPlan): Promise<LoadOutcome> {
  if (plan.isOpen) await openConnections(plan);
  const run = new LoadRun(plan);
  const probes = run.followProbes();
  await Promise.all(Array.from({ length: plan.senders }, () => run.send()));
  return run.outcome(await probes);
}

/**
 * Opens a connection for each sender and leaves it open, as a proxy before the api does: Node takes one new connection a turn of its
 * event loop, so thousands that come in the middle of a load would wait for that and not for what is measured.
 */
async function openConnections({ apiUrl, senders }: LoadPlan): Promise<void> {
  const url = new URL('/track', apiUrl);
  await Promise.all(Array.from({ length: senders }, () => post(url, {}, '')));
}

class LoadRun {
  readonly #plan: LoadPlan;
  readonly #started = performance.now();
  readonly #answers = new Map<number, number>();
  readonly #answerMs: number[] = [];
  readonly #probeMs: number[] = [];
  readonly #acceptedProbeMs: number[] = [];
  /** Probes that were sent and not seen yet, with the time at which each was sent and, once it is, accepted. */
  readonly #unseen = new Map<string, { sent: number; accepted?: number }>();
  #next = 0;
  #nextProbe = 0;
  #accepted = 0;
  #turnedAway = 0;
  #unanswered = 0;
  #unclearRefusals = 0;
  #sending: number;
  #sentUntil = 0;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.#sending = plan.senders;
  }

  /** One sender: takes the next request when it is due, and sends it until it is accepted. */
  async send(): Promise<void> {
    const { load, rate, seconds, firstRequest } = this.#plan;
    const end = this.#started + seconds * 1000;
    for (;;) {
      const n = this.#next++;
      const due = rate === 0 ? 0 : (n * eventsARequest(load) * 1000) / rate;
      if (this.#started + due >= end || performance.now() >= end) break;
      await sleep(Math.max(0, this.#started + due - performance.now()));
      await this.#sendOne(firstRequest + n);
    }
    this.#sending--;
    this.#sentUntil = performance.now();
  }

  async #sendOne(n: number): Promise<void> {
    const { load, isOpen } = this.#plan;
    const probe = this.#probeIfDue(n);
    const request = loadRequest(load, n, probe);
    for (;;) {
      // What was turned away is not promised anything: the time counts from the attempt that was accepted.
      const seen = { sent: performance.now() };
      if (probe !== undefined) this.#unseen.set(probe, seen);
      const { status, pauseMs } = await this.#offer(request);
      this.#answers.set(status, (this.#answers.get(status) ?? 0) + 1);
      if (status === 200) return this.#noteAccepted(request, seen);
      if (probe !== undefined) this.#unseen.delete(probe);
      if (isOpen) {
        if (status === 0) this.#unanswered += request.events;
        else this.#turnedAway += request.events;
        return;
      }
      await sleep(pauseMs);
    }
  }

  #noteAccepted({ events }: LoadRequest, seen: { sent: number; accepted?: number }): void {
    const now = performance.now();
    this.#answerMs.push(now - seen.sent);
    this.#accepted += events;
    seen.accepted = now;
  }

  #probeIfDue(n: number): string | undefined {
    const now = performance.now();
    if (now < this.#nextProbe) return undefined;
    this.#nextProbe = now + probeEveryMs;
    return `Probe ${this.#plan.load} ${n}`;
  }

  async #offer({ path, headers, body }: LoadRequest): Promise<{ status: number; pauseMs: number }> {
    try {
      const url = new URL(path, this.#plan.apiUrl);
      const { status, text, headers: answered } = await post(url, headers, body);
      if (status === 200) {
        const { status: said } = JSON.parse(text) as { status: unknown };
        if (said !== 1 && said !== 'OK') throw new Error(`${path} was refused: ${text}`);
        return { status, pauseMs: 0 };
      }
      const seconds = Number(answered['retry-after']);
      if (status === 429 && !(seconds > 0)) this.#unclearRefusals++;
      if (status !== 429 && status !== 503) throw new Error(`${path}: ${status} ${text}`);
      return { status, pauseMs: Math.min(pauseMsMax, 1000 * (seconds > 0 ? seconds : 1)) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return { status: 0, pauseMs: 500 };
    }
  }

  /** Looks until every probe was seen; resolves with the time of the last. */
  async followProbes(): Promise<number> {
    const { apiUrl } = this.#plan;
    let last = performance.now();
    for (let quietSince = last; ; await sleep(pollEveryMs)) {
      // Those that wait to be let in are not there yet, and would be asked about in place of others.
      const promised = [...this.#unseen].filter(([, { accepted }]) => accepted !== undefined);
      const asked = promised.slice(0, probesAtOnce).map(([name]) => name);
      if (asked.length === 0 && this.#sending === 0) return last;
      const seen = asked.length === 0 ? new Set<string>() : await queryableOf(apiUrl, asked);
      const now = performance.now();
      for (const name of seen) {
        const { sent = now, accepted = now } = this.#unseen.get(name) ?? {};
        this.#probeMs.push(now - sent);
        this.#acceptedProbeMs.push(now - accepted);
        this.#unseen.delete(name);
        last = quietSince = now;
      }
      if (asked.length === 0) quietSince = now;
      if (now - quietSince > queryableMsMax) {
        throw new Error(`not queryable after ${queryableMsMax} ms: ${asked.join(', ')}`);
      }
    }
  }

  outcome(lastSeen: number): LoadOutcome {
    return {
      accepted: this.#accepted,
      turnedAway: this.#turnedAway,
      unanswered: this.#unanswered,
      sendingMs: this.#sentUntil - this.#started,
      queryableMs: Math.max(lastSeen, this.#sentUntil) - this.#started,
      answers: this.#answers,
      unclearRefusals: this.#unclearRefusals,
      answerMs: this.#answerMs.toSorted((a, b) => a - b),
      probeMs: this.#probeMs.toSorted((a, b) => a - b),
      acceptedProbeMs: this.#acceptedProbeMs.toSorted((a, b) => a - b),
    };
  }
}
