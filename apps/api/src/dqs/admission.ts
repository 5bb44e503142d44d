import { ApiError } from '../errors.ts';

export interface AdmissionOptions {
  /** Queries of one project that run at once. */
  readonly perProjectMax: number;
  /** Queries that run at once in this process. */
  readonly totalMax: number;
  /** Queries of one project that may wait. */
  readonly waitingMax: number;
}

interface Waiting {
  readonly project: number;
  readonly start: () => void;
}

/**
 * Bounds how many queries run at once, by project and in all, so that one project's busy dashboard
 * neither starves the others nor piles up partial results in memory. The rest waits in order of
 * arrival; beyond the bound it is refused with OVERLOADED, which costs nothing.
 */
export class Admission {
  readonly #options: AdmissionOptions;
  readonly #running = new Map<number, number>();
  #total = 0;
  #waiting: Waiting[] = [];

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Runs `work` when its turn comes. A caller that goes away while it waits leaves the queue. */
  async run<T>(project: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(project, signal);
    try {
      return await work();
    } finally {
      this.#leave(project);
    }
  }

  async #enter(project: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#fits(project)) return this.#start(project);
    const { waitingMax } = this.#options;
    if (this.#waiting.filter((each) => each.project === project).length >= waitingMax) {
      throw new ApiError('OVERLOADED', `${waitingMax} queries of project ${project} wait already`, {
        retryAfterSeconds: 2,
      });
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(signal.reason as Error);
      };
      const start = (): void => {
        signal.removeEventListener('abort', leave);
        this.#start(project);
        resolve();
      };
      const waiting = { project, start };
      this.#waiting.push(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #start(project: number): void {
    this.#total++;
    this.#running.set(project, this.#of(project) + 1);
  }

  #leave(project: number): void {
    this.#total--;
    const left = this.#of(project) - 1;
    if (left === 0) this.#running.delete(project);
    else this.#running.set(project, left);
    // The one that has waited longest among those that fit now.
    const next = this.#waiting.findIndex((each) => this.#fits(each.project));
    if (next !== -1) this.#waiting.splice(next, 1)[0]?.start();
  }

  #fits(project: number): boolean {
    return this.#total < this.#options.totalMax && this.#of(project) < this.#options.perProjectMax;
  }

  #of(project: number): number {
    return this.#running.get(project) ?? 0;
  }
}
