/** An answer as it was sent. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
}

/** A request under a key: which one it is, and who sent it. */
export interface KeyedRequest {
  /** The key and whose it is: equal for requests that mean to be one. */
  readonly key: string;
  /** Whose data the answer may hold; null = it is about no project. */
  readonly project: number | null;
  /** Equal for requests that are the same. */
  readonly fingerprint: string;
}

export type Claim =
  /** The request is the first: it is worked on until `keep` or `release` is called. */
  | {
      readonly type: 'first';
      keep(answer: KeptAnswer): Promise<void>;
      /** Nothing was done: whoever sends the request again is the first. */
      release(): Promise<void>;
    }
  | { readonly type: 'answered'; readonly answer: KeptAnswer }
  | { readonly type: 'under_way' }
  /** It was done; what was answered is gone with users who were erased since. */
  | { readonly type: 'forgotten' }
  | { readonly type: 'another_request' };

/** What writes with an `Idempotency-Key` were answered. Rejects where that cannot be known. */
export interface KeptAnswers {
  claim(request: KeyedRequest): Promise<Claim>;
}
