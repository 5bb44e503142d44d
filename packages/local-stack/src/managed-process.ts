import type { Running } from './spawn-process.ts';
import type { RunProcess } from './run-file.ts';
import { sleep, waitUntil } from './wait.ts';

export type ManagedProcessOptions = {
  readonly name: string;
  readonly role: string;
  readonly zone?: string;
  readonly port?: number;
  /** Starts it; the lines it prints go to `remember`, for the case that it fails. */
  readonly launch: (remember: (line: string) => void) => Promise<Running>;
  /** After every start and every end, so that run.json can be rewritten. */
  readonly onChange: () => void;
  readonly onMessage: (text: string) => void;
  /** It has failed so often at once that trying again will not help by itself. */
  readonly onHopeless: (text: string) => void;
  readonly timing?: Partial<Timing>;
};

type Timing = {
  /** A run shorter than this counts as a failed start. */
  readonly shortRunMs: number;
  /** The wait before a restart doubles from the first of these to the second. */
  readonly waitMsMin: number;
  readonly waitMsMax: number;
};

const defaultTiming: Timing = { shortRunMs: 10_000, waitMsMin: 100, waitMsMax: 10_000 };
const failedStartsMax = 5;
const rememberedLines = 40;

/**
 * One process of the stack for the whole life of the stack: whatever way it dies, it is started
 * again, at once the first time and after growing waits when it keeps dying, until `stop`.
 */
export class ManagedProcess {
  readonly name: string;
  #options: ManagedProcessOptions;
  #timing: Timing;
  #running: Running | null = null;
  #startedAt = 0;
  #restarts = 0;
  #failedStarts = 0;
  #isStopping = false;
  #isReloading = false;
  #timer: NodeJS.Timeout | null = null;
  #relaunching: Promise<void> = Promise.resolve();
  #tail: string[] = [];

  constructor(options: ManagedProcessOptions) {
    this.name = options.name;
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  /** Null while it does not run. */
  get info(): RunProcess | null {
    if (this.#running === null) return null;
    const { name, role, zone, port } = this.#options;
    return {
      name,
      role,
      ...(zone === undefined ? {} : { zone }),
      pid: this.#running.pid,
      ...(port === undefined ? {} : { port }),
      startedAt: this.#startedAt,
      restarts: this.#restarts,
    };
  }

  /** The first start. A failure to start at all is the caller's; later ones are retried here. */
  async start(): Promise<void> {
    await this.#launch();
  }

  /** Ends it and starts it anew, because its sources changed. */
  reload(): void {
    if (this.#isStopping || this.#isReloading) return;
    this.#failedStarts = 0;
    if (this.#running === null) return this.#schedule(0);
    this.#isReloading = true;
    this.#running.terminate();
  }

  /** Asks it to end; resolves when it is gone or `msMax` has passed, with whether it is gone. */
  async stop(msMax: number): Promise<boolean> {
    this.#isStopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#running?.terminate();
    const end = Date.now() + msMax;
    // One that was just being started again is told as soon as it runs (see #launch).
    await Promise.race([this.#relaunching, sleep(msMax)]);
    return waitUntil(() => this.#running === null, { timeoutMs: end - Date.now() });
  }

  kill(): void {
    this.#isStopping = true;
    this.#running?.kill();
  }

  async #launch(): Promise<void> {
    const running = await this.#options.launch((line) => this.#remember(line));
    this.#running = running;
    this.#startedAt = Date.now();
    void running.exited.then((how) => this.#ended(how));
    if (this.#isStopping) running.terminate();
    else this.#options.onChange();
  }

  #ended(how: string): void {
    this.#running = null;
    this.#options.onChange();
    if (this.#isStopping) return;
    if (this.#isReloading) {
      this.#isReloading = false;
      return this.#schedule(0);
    }
    this.#restarts++;
    const ranMs = Date.now() - this.#startedAt;
    this.#failedStarts = ranMs < this.#timing.shortRunMs ? this.#failedStarts + 1 : 0;
    this.#retry(`ended (${how})`);
  }

  #retry(what: string): void {
    const { waitMsMin, waitMsMax } = this.#timing;
    const waitMs = Math.min(
      waitMsMax,
      waitMsMin * 2 ** Math.min(Math.max(0, this.#failedStarts - 1), 16),
    );
    this.#options.onMessage(`${what}, starting it again in ${waitMs} ms`);
    if (this.#failedStarts === failedStartsMax) this.#options.onHopeless(this.#lastWords());
    if (!this.#isStopping) this.#schedule(waitMs);
  }

  #schedule(waitMs: number): void {
    this.#timer = setTimeout(() => {
      this.#relaunching = this.#launch().catch((error: unknown) => {
        this.#failedStarts++;
        const text = error instanceof Error ? error.message : String(error);
        this.#remember(text);
        this.#retry(`does not start (${text})`);
      });
    }, waitMs);
  }

  #remember(line: string): void {
    this.#tail.push(line);
    if (this.#tail.length > rememberedLines) this.#tail.shift();
  }

  #lastWords(): string {
    const lines = this.#tail.slice(-15).map((line) => `    ${line}`);
    const printed = lines.length === 0 ? '    (it printed nothing)' : lines.join('\n');
    return `${this.name} failed ${failedStartsMax} times in a row. The last it printed:\n${printed}`;
  }
}
