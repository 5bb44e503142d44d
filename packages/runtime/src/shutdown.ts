import type { Logger } from './logger.ts';

/** The supervisor gives a stack 10 s to end, so one process must not need more than this. */
const shutdownMsMax = 8000;

type Step = { readonly name: string; readonly run: () => unknown };

/** What a process does between the signal and its end. `exit` is an argument for tests only. */
export class ShutdownSequence {
  #steps: Step[] = [];
  #running: Promise<void> | null = null;
  #exit: (code: number) => void;
  #msMax: number;

  constructor(options: { exit?: (code: number) => void; msMax?: number } = {}) {
    this.#exit = options.exit ?? ((code) => process.exit(code));
    this.#msMax = options.msMax ?? shutdownMsMax;
  }

  /** Steps run in reverse order of registration: what was started last is stopped first. */
  add(name: string, run: () => unknown): void {
    this.#steps.push({ name, run });
  }

  /**
   * Runs every step once, however often it is called, then exits: 0 when all went well, 1 when a
   * step failed or hung. A failing step does not keep the ones after it from running.
   */
  run(): Promise<void> {
    this.#running ??= this.#runOnce();
    return this.#running;
  }

  async #runOnce(): Promise<void> {
    let current = '';
    const timer = setTimeout(() => {
      process.stderr.write(`shutdown: "${current}" took more than ${this.#msMax} ms, leaving\n`);
      this.#exit(1);
    }, this.#msMax);
    let code = 0;
    for (const step of this.#steps.toReversed()) {
      current = step.name;
      try {
        await step.run();
      } catch (error) {
        code = 1;
        process.stderr.write(`shutdown: "${step.name}" failed: ${String(error)}\n`);
      }
    }
    clearTimeout(timer);
    this.#exit(code);
  }
}

let sequence: ShutdownSequence | null = null;

/**
 * Registers a step of this process's shutdown. The first call installs the only listeners for
 * SIGTERM and SIGINT; nothing else listens to signals (conventions 8).
 */
export function onShutdown(name: string, run: () => unknown): void {
  if (sequence === null) {
    const own = new ShutdownSequence();
    sequence = own;
    const start = (): void => void own.run();
    process.on('SIGTERM', start);
    process.on('SIGINT', start);
  }
  sequence.add(name, run);
}

/**
 * An error nobody caught ends the process after it is in the log: state that an unknown error left
 * behind cannot be trusted, and the supervisor starts a fresh one.
 */
export function crashOnUncaught(logger: Logger): void {
  process.on('uncaughtException', (error, origin) => {
    logger.fatal({ err: error, origin }, 'uncaught error, the process ends');
    process.exit(1);
  });
}
