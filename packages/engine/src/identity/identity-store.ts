import type { IdentityMode, LinkForm } from '@arbor/schema/identity';
import type { LinkOutcome } from './identity-map.ts';
import type { LinkRequest } from './links.ts';
import type { Union } from './unions.ts';

/** Over which shards the project lies: who changes shard with a link must be brought there. */
export interface Placement {
  readonly spread: number;
  readonly shardCount: number;
}

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
  /** `simplified` where nothing is said. */
  readonly mode?: IdentityMode;
  /** One shard where nothing is said. */
  readonly placement?: Placement;
  /** Order of arrival of the batch: with a user who changes shard his profile is merged as of then. */
  readonly sequence?: number;
  /** Raised whenever identifiers left a user: what was remembered under a smaller one is not used. */
  readonly epoch?: number;
}

export interface IdentityAnswer {
  /** Every requested identifier → its canonical id, after all links. */
  readonly canonical: ReadonlyMap<string, string>;
  /** What the links changed, and what was refused; `unchanged` ones are left out. */
  readonly outcomes: readonly LinkOutcome[];
  /** That under which the links were made; where there were none it is not asked for. */
  readonly epoch?: number;
}

export interface UndoRequest {
  readonly project: number;
  /** Number of the link in the log. */
  readonly link: number;
  /** Who takes it back, in words. */
  readonly by: string;
  readonly placement?: Placement;
}

export type UndoAnswer =
  /** `identifiers` were `from`'s and are the user `to` now. */
  | {
      readonly type: 'split';
      readonly from: string;
      readonly to: string;
      readonly identifiers: readonly string[];
      /** From now on, where the store keeps one. */
      readonly epoch?: number;
    }
  /** The link is taken back, but other links hold its identifiers together. */
  | { readonly type: 'held' }
  /** There is no such link, it was refused, or it was taken back before. */
  | { readonly type: 'unchanged' };

export type UnionsByIdentifier = ReadonlyMap<string, readonly Union[]>;

/**
 * The identity map as the ETL needs it. An implementation makes each call atomic for its project and
 * durable before it resolves, applies the rules of `IdentityMap` and `splitByUndo`, and passes the contract suite.
 * It may be called for the same batch or undo again, also at the same time.
 */
export interface IdentityStore {
  resolve(request: IdentityRequest): Promise<IdentityAnswer>;
  /** How identifiers of a project came to the users they were resolved to: `unionsOnTheWay` over its log. */
  unions(project: number, users: ReadonlyMap<string, string>): Promise<UnionsByIdentifier>;
  /** Takes a link of the log back. */
  undo(request: UndoRequest): Promise<UndoAnswer>;
}

/** What the log tells of a link that a batch made; `alias` and `joined` as the link named them. */
export interface LoggedOutcome {
  readonly form: LinkForm;
  readonly alias: string;
  /** Null in rows of older versions, whose `alias` may be the loser. */
  readonly joined: string | null;
  readonly winner: string;
  readonly loser: string;
  readonly onward: boolean;
}

/**
 * Logged links as outcomes of the batch that made them. What was `joined` counts as united: telling a shard about a
 * loser without rows is harmless, not telling it about one with rows would be wrong.
 */
export function outcomesOfLog(
  links: readonly LinkRequest[],
  logged: readonly LoggedOutcome[],
): LinkOutcome[] {
  return logged.flatMap((entry) => {
    const link = links.find((one) => isLogged(one, entry));
    if (link === undefined) return [];
    const { winner, loser } = entry;
    return [
      { type: entry.onward ? ('onward' as const) : ('united' as const), link, winner, loser },
    ];
  });
}

function isLogged(link: LinkRequest, { form, alias, joined }: LoggedOutcome): boolean {
  if (joined === null) return link.alias === alias || link.user === alias;
  return link.form === form && link.alias === alias && link.user === joined;
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

/** A `$merge` has several links at one position, so the identifiers belong to the key. */
const outcomeKey = ({ form, position, alias, user }: LinkRequest): string =>
  JSON.stringify([form, position, alias, user]);
