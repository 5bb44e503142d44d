import type { Db } from '@arbor/db';
import type { HeldLink, Member } from '@arbor/engine/identity/undo';
import {
  type IdentityCluster,
  identifierKindSchema,
  type IdentityLinkEntry,
  type IdentityLog,
  type IdentityRefusals,
  linkFormSchema,
} from '@arbor/schema/identity';
import { limits } from '@arbor/schema/limits';
import { ApiError } from '../errors.ts';
import { findUser } from '../users/find-user.ts';

/** What PostgreSQL has of a project's identity map; only the ETL changes it. */

const linksAPage = 50;

type LinkRow = NonNullable<Awaited<ReturnType<Db['identityLink']['findFirst']>>>;

export async function readCluster(
  db: Db,
  project: number,
  identifier: string,
): Promise<IdentityCluster> {
  const canonical = await findUser(db, project, identifier);
  const rows = await db.identifier.findMany({
    where: { project, canonical },
    orderBy: [{ createdAt: 'asc' }, { identifier: 'asc' }],
  });
  return {
    canonical,
    identifiers: rows.map(({ identifier: own, kind, createdAt }) => ({
      identifier: own,
      kind: identifierKindSchema.parse(kind),
      firstSeen: createdAt.toISOString(),
    })),
    full: rows.length >= limits.identifiersPerUserMax,
  };
}

export async function readLog(
  db: Db,
  project: number,
  { identifiers, cursor }: { readonly identifiers: string[]; readonly cursor: string | undefined },
): Promise<IdentityLog> {
  const found = await db.identityLink.findMany({
    where: {
      project,
      OR: [{ alias: { in: identifiers } }, { joined: { in: identifiers } }],
      ...(cursor !== undefined && { id: { lt: linkId(cursor) } }),
    },
    orderBy: { id: 'desc' },
    take: linksAPage + 1,
  });
  const links = found.slice(0, linksAPage).map(linkEntry);
  return { links, next: found.length > linksAPage ? (links.at(-1)?.id ?? null) : null };
}

function linkEntry(row: LinkRow): IdentityLinkEntry {
  const { id, createdAt, form, alias, refused, undoneAt, undoneBy } = row;
  return {
    id: String(id),
    at: createdAt.toISOString(),
    form: linkFormSchema.parse(form),
    alias,
    joined: joinedBy(row),
    refused,
    undone: undoneAt === null ? null : { at: undoneAt.toISOString(), by: undoneBy ?? '' },
  };
}

/** Rows of older versions do not tell the identifier, only its user. */
const joinedBy = ({ joined, winner }: LinkRow): string => joined ?? winner;

/** A link that may be taken back; throws for every other. */
export async function findHeldLink(db: Db, project: number, id: string): Promise<HeldLink> {
  const row = await db.identityLink.findFirst({ where: { project, id: linkId(id) } });
  if (row === null) throw new ApiError('NOT_FOUND', `there is no link ${id} in this project`);
  if (row.refused !== null) {
    throw new ApiError('CONFLICT', `link ${id} was refused: there is nothing to take back`);
  }
  if (row.undoneAt !== null) {
    throw new ApiError('CONFLICT', `link ${id} was taken back by ${row.undoneBy ?? 'somebody'}`);
  }
  return heldLink(row);
}

/** The two identifiers of a link; those of older versions name its users instead. */
function heldLink(row: LinkRow): HeldLink {
  const alias = row.joined === null ? row.loser : row.alias;
  return { id: Number(row.id), alias, joined: joinedBy(row) };
}

/** A user with all links that make him one. */
export async function readLinkedUser(
  db: Db,
  project: number,
  identifier: string,
): Promise<{ canonical: string; members: Member[]; links: HeldLink[] }> {
  const canonical = await findUser(db, project, identifier);
  const rows = await db.identifier.findMany({ where: { project, canonical } });
  const members = rows.map((row) => ({
    identifier: row.identifier,
    seen: row.createdAt.getTime(),
  }));
  const alias = { in: members.map((member) => member.identifier) };
  const links = await db.identityLink.findMany({
    where: { project, alias, refused: null, undoneAt: null },
  });
  return { canonical, members, links: links.map(heldLink) };
}

export async function readRefusals(
  db: Db,
  project: number,
  since: Date,
): Promise<IdentityRefusals> {
  const groups = await db.identityLink.groupBy({
    by: ['outcome'],
    where: { project, refused: { not: null }, createdAt: { gt: since } },
    _count: { _all: true },
    _max: { id: true, createdAt: true },
  });
  const ids = groups.flatMap(({ _max }) => (_max.id === null ? [] : [_max.id]));
  const latest = await db.identityLink.findMany({ where: { id: { in: ids } } });
  const refusals = groups.flatMap(({ _count, _max, outcome }) => {
    const example = latest.find(({ id }) => id === _max.id);
    if (example === undefined) return [];
    const { alias, refused } = example;
    return {
      // Older versions kept only the words.
      code: outcome ?? 'refused',
      count: _count._all,
      last: (_max.createdAt ?? example.createdAt).toISOString(),
      example: { alias, joined: joinedBy(example), reason: refused ?? '' },
    };
  });
  return { refusals: refusals.toSorted((one, other) => other.count - one.count) };
}

export function linkId(text: string): bigint {
  if (/^\d{1,15}$/.test(text)) return BigInt(text);
  throw new ApiError('INVALID_REQUEST', `"${text}" is not the number of a link`);
}
