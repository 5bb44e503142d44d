import type { LinkOutcome } from './identity-map.ts';
import type { LinkRequest } from './links.ts';

export interface IdentityRequest {
  readonly project: number;
  /** Of the ingest batch: written to the log of links, so that a redelivery finds its outcomes. */
  readonly batchId: string;
  /** Everything to resolve, the links' identifiers included, each once, in order of appearance. */
  readonly identifiers: readonly string[];
  /** In order of the records. */
  readonly links: readonly LinkRequest[];
  /** The batch may have been here before. */
  readonly redelivered: boolean;
}

export interface IdentityAnswer {
  /** Every requested identifier → its canonical id, after all links. */
  readonly canonical: ReadonlyMap<string, string>;
  /** What the links changed, and what was refused; `unchanged` ones are left out. */
  readonly outcomes: readonly LinkOutcome[];
}

/**
 * The identity map as the ETL needs it. An implementation makes each call atomic for its project and
 * durable before it resolves, applies the rules of `IdentityMap`, and passes the contract suite.
 * It may be called for the same batch again, also at the same time.
 */
export interface IdentityStore {
  resolve(request: IdentityRequest): Promise<IdentityAnswer>;
}

/** The outcomes of a delivery: what the log says the batch did, then what is decided anew. */
export function mergeOutcomes(
  logged: readonly LinkOutcome[],
  decided: readonly LinkOutcome[],
): LinkOutcome[] {
  const done = new Set(logged.map(({ link }) => outcomeKey(link)));
  const added = decided.filter(
    ({ type, link }) => type !== 'unchanged' && !done.has(outcomeKey(link)),
  );
  return [...logged, ...added];
}

const outcomeKey = ({ form, position }: LinkRequest): string => `${form} ${position}`;
