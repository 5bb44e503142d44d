import { isDeepStrictEqual } from 'node:util';
import type { AuthorizedProject } from '../auth/authorize.ts';

/** About half a kilobyte each: bounds what is kept of callers who went away. */
const knownMax = 1000;

export interface WorkAheadOptions<Result> {
  /** Equal for requests that come with the same credentials for the same project. */
  readonly key: string;
  /** Asks the database who the caller is and what he may do: rejects where he may not. */
  readonly authorise: () => Promise<AuthorizedProject>;
  readonly work: (project: AuthorizedProject, signal: AbortSignal) => Promise<Result>;
  readonly signal: AbortSignal;
}

/**
 * Begins what a caller asks for by what the same caller was allowed last time, while the database is asked again.
 *
 * Invariant: nothing is answered before the database has said, in this request, that the caller may have it and that the
 * project is what the work took it for. Otherwise the work is thrown away: it begins again, or the refusal is the answer.
 * A secret that was taken back and a definition that was changed therefore count from the next request on, as if nothing
 * were remembered, but a small question does not wait for three round trips before it is asked.
 */
export class WorkAhead {
  /** In the order of use. */
  readonly #known = new Map<string, AuthorizedProject>();

  async run<Result>(options: WorkAheadOptions<Result>): Promise<Result> {
    const { key, authorise, work, signal } = options;
    const known = this.#known.get(key);
    if (known === undefined) return work(this.#remember(key, await authorise()), signal);
    const ended = new AbortController();
    const early = work(known, AbortSignal.any([signal, ended.signal]));
    // It is awaited below; until then a failure must not count as unhandled.
    early.catch(() => undefined);
    const project = await this.#confirm(key, authorise).catch((error: unknown) => {
      ended.abort();
      throw error;
    });
    if (isDeepStrictEqual(project, known)) return early;
    ended.abort();
    return work(project, signal);
  }

  async #confirm(
    key: string,
    authorise: WorkAheadOptions<unknown>['authorise'],
  ): Promise<AuthorizedProject> {
    // What the work does at once, up to its first request to another process, comes first.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      return this.#remember(key, await authorise());
    } catch (error) {
      this.#known.delete(key);
      throw error;
    }
  }

  #remember(key: string, project: AuthorizedProject): AuthorizedProject {
    this.#known.delete(key);
    this.#known.set(key, project);
    const [oldest] = this.#known.keys();
    if (this.#known.size > knownMax && oldest !== undefined) this.#known.delete(oldest);
    return project;
  }
}
