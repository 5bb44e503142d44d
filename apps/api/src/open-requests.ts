/** One request as its work sees it. */
export interface OpenRequest {
  /** Aborts when the client goes away or the process shuts down. */
  readonly signal: AbortSignal;
  /** Must be called when the work is over. */
  readonly end: () => void;
}

/**
 * Every request that computes or streams something, so that a shutdown can end them all. Done by hand,
 * because `AbortSignal.any` over a signal that lives as long as the process keeps each signal made
 * from it, with its listeners, for ever (seen on Node 20: 1.2 KB a request).
 */
export class OpenRequests {
  readonly #open = new Set<AbortController>();

  /** `client` aborts when the client goes away. */
  open(client: AbortSignal | undefined): OpenRequest {
    const controller = new AbortController();
    const abort = (): void => controller.abort(client?.reason);
    if (client?.aborted === true) abort();
    client?.addEventListener('abort', abort, { once: true });
    this.#open.add(controller);
    return {
      signal: controller.signal,
      end: () => {
        client?.removeEventListener('abort', abort);
        this.#open.delete(controller);
      },
    };
  }

  /** For work that ends with a promise. */
  async run<T>(
    client: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const request = this.open(client);
    try {
      return await work(request.signal);
    } finally {
      request.end();
    }
  }

  closeAll(): void {
    for (const controller of this.#open) controller.abort();
  }
}
