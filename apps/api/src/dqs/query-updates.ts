import type { QueryAnswer, QueryUpdate } from '@arbor/schema/result';

/** Tells the caller how far the query is; merges what is there so far, but not more often than is worth it. */
export class QueryUpdates {
  readonly #onUpdate: ((update: QueryUpdate) => void) | undefined;
  readonly #clock: () => number;
  readonly #everyMs: number;
  /** Share of shards that are asked and not done, by request. */
  readonly #underWay = new Map<object, number>();
  #nextPartialAt: number;
  #answer: () => QueryAnswer | null = () => null;
  #total = 0;
  #done = 0;

  constructor(options: {
    readonly onUpdate?: (update: QueryUpdate) => void;
    readonly clock: () => number;
    readonly limits: { readonly partialEveryMs: number };
  }) {
    this.#onUpdate = options.onUpdate;
    this.#clock = options.clock;
    this.#everyMs = options.limits.partialEveryMs;
    this.#nextPartialAt = this.#clock() + this.#everyMs;
  }

  /** One request to a storage process: how much of what it still owes is done, in shards. */
  part(): { underWay(share: number): void; oneDone(): void } {
    const request = {};
    const set = (share: number): void => void this.#underWay.set(request, Math.max(0, share));
    return {
      underWay: (share) => {
        set(share);
        if (share > 0) this.#tell();
      },
      oneDone: () => set((this.#underWay.get(request) ?? 0) - 1),
    };
  }

  /** So many more shards are asked, and `answer` says what is known while they answer. */
  expect(shards: number, answer: () => QueryAnswer | null): void {
    this.#total += shards;
    this.#answer = answer;
    this.#tell();
  }

  oneDone(): void {
    if (this.#onUpdate === undefined) return;
    this.#done++;
    this.#tell();
    const now = this.#clock();
    if (this.#done === this.#total || now < this.#nextPartialAt) return;
    this.partial();
    // A merge that takes long is repeated less often: at most a fifth of the time goes into partials.
    const tookMs = this.#clock() - now;
    this.#nextPartialAt = now + Math.max(this.#everyMs, 5 * tookMs);
  }

  partial(): void {
    const answer = this.#onUpdate && this.#answer();
    if (answer) this.#onUpdate?.({ type: 'partial', answer });
  }

  #tell(): void {
    let done = this.#done;
    for (const share of this.#underWay.values()) done += share;
    this.#onUpdate?.({ type: 'progress', done: Math.min(done, this.#total), total: this.#total });
  }
}
