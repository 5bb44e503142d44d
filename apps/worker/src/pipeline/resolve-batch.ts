import type { LinkOutcome } from '@arbor/engine/identity';
import type { IdentityStore } from '@arbor/engine/identity/identity-store';
import { type LinkRequest, linksOf, ownIdentifierOf } from '@arbor/engine/identity/links';
import { PoisonError } from '@arbor/queue/errors';
import type { IngestBatch } from '@arbor/schema/ingest';
import type { ErasedIdentifiers } from '../erased/erased-identifiers.ts';
import type { ProjectSettings } from '../project/project-settings.ts';
import { findErased, recordsWithout } from './refuse-erased.ts';
import { type Resolution, type ResolvedLink, resolutionSchema } from './resolution.ts';
import { unionsOfSenders } from './unions-of-senders.ts';

/** The pin of one job (`@arbor/queue/job-pin`), bound to its Redis connection. */
export interface ResolutionPin {
  /** What an earlier delivery pinned. */
  read(): Promise<string | null>;
  /** Pins the text unless one is pinned; answers the one that holds. Null = the job is done already. */
  put(text: string): Promise<string | null>;
}

/**
 * Looks up who the batch is about, and applies the links it carries. Answers null when the job was
 * finished by another delivery in the meantime: then nothing may be sent.
 */
export function createResolveBatch(dependencies: {
  identities: IdentityStore;
  projects: ProjectSettings;
  erased: ErasedIdentifiers;
  shardCount: number;
}): (batch: IngestBatch, pin: ResolutionPin, redelivered: boolean) => Promise<Resolution | null> {
  const { identities, projects, erased, shardCount } = dependencies;

  const decide = async (batch: IngestBatch, redelivered: boolean): Promise<Resolution> => {
    const settings = await projects.find(batch.project);
    if (settings === null) throw new PoisonError(`there is no project ${batch.project}`);
    const { project, batchId, sequence } = batch;
    const { spread, mode, epoch } = settings;
    const placement = { spread: Math.min(spread, shardCount), shardCount };
    for (const record of batch.records) {
      if (record.kind !== 'unlink') continue;
      const { link, by } = record;
      await identities.undo({ project, link, by, placement });
    }
    const refused = settings.acceptsErased ? [] : await findErased(batch, erased);
    const said = namedBy(batch, refused);
    const request = { project, batchId, sequence, redelivered, mode, epoch, placement, ...said };
    const { canonical, outcomes } = await identities.resolve(request);
    const users = [...canonical].filter(([identifier, user]) => identifier !== user);
    const earlier = outcomes.flatMap(earlierUser);
    // In the mode `legacy` nobody's profile becomes another's.
    const unions =
      mode === 'legacy' ? [] : await unionsOfSenders(identities, batch, { refused, canonical });
    return {
      version: 1,
      spread,
      users: Object.fromEntries(users),
      ...(earlier.length > 0 && { earlier }),
      ...(refused.length > 0 && { erased: [...refused] }),
      ...(mode === 'legacy' && { aliasesKeepProfiles: true }),
      ...(unions.length > 0 && { unions }),
      links: outcomes.flatMap(resolvedLink),
    };
  };

  return async function resolveBatch(batch, pin, redelivered) {
    // A first delivery has no pin; only a later one pays for looking.
    const earlier = redelivered ? await pin.read() : null;
    const text = earlier ?? (await pin.put(JSON.stringify(await decide(batch, redelivered))));
    return text === null ? null : resolutionSchema.parse(JSON.parse(text));
  };
}

/** Every identifier of what is taken of a batch once, in order of appearance, and every link it carries. */
function namedBy(
  batch: IngestBatch,
  refused: readonly number[],
): { identifiers: string[]; links: LinkRequest[] } {
  const identifiers = new Set<string>();
  const links: LinkRequest[] = [];
  for (const [position, record] of recordsWithout(batch, refused)) {
    const own = ownIdentifierOf(record);
    if (own !== null) identifiers.add(own);
    for (const link of linksOf(record, position, batch.source === 'import')) {
      identifiers.add(link.user).add(link.alias);
      links.push(link);
    }
  }
  return { identifiers: [...identifiers], links };
}

/** Whose an identifier was until a link that only holds for later records. */
function earlierUser(outcome: LinkOutcome): NonNullable<Resolution['earlier']> {
  if (outcome.type !== 'onward') return [];
  return [{ identifier: outcome.loser, user: outcome.loser, position: outcome.link.position }];
}

function resolvedLink(outcome: LinkOutcome): ResolvedLink[] {
  const { position, form, alias, user } = outcome.link;
  switch (outcome.type) {
    case 'unchanged':
      return [];
    case 'joined':
    case 'onward':
      return [{ position, form, alias: outcome.loser, user: outcome.winner }];
    case 'united':
      return [{ position, form, alias, user: outcome.winner, loser: outcome.loser }];
    case 'refused': {
      const { code, reason } = outcome;
      return [{ position, form, alias, user, refused: { code, reason } }];
    }
  }
}
