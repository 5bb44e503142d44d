import type { Db } from '@arbor/db';
import { ApiError } from '../errors.ts';

/** How many identifiers that begin alike are told to whoever asks for one that nobody has. */
const nearMax = 5;

/** The canonical id of the user who has the identifier. Throws NOT_FOUND, naming identifiers that begin alike. */
export async function findUser(db: Db, project: number, identifier: string): Promise<string> {
  const found = await db.identifier.findUnique({
    where: { project_identifier: { project, identifier } },
    select: { canonical: true },
  });
  if (found !== null) return found.canonical;
  const near = await nearIdentifiers(db, project, identifier);
  const hint = near.length === 0 ? '' : `; there are ${near.map((one) => `"${one}"`).join(', ')}`;
  throw new ApiError('NOT_FOUND', `no user has the identifier "${identifier}"${hint}`);
}

/** Some identifiers that begin as this one does, as far as any do. */
export async function nearIdentifiers(
  db: Db,
  project: number,
  identifier: string,
): Promise<string[]> {
  for (let length = identifier.length; length > 0; length = Math.floor(length / 2)) {
    const near = await db.identifier.findMany({
      where: { project, identifier: { startsWith: identifier.slice(0, length) } },
      select: { identifier: true },
      take: nearMax,
    });
    if (near.length > 0) return near.map((one) => one.identifier);
  }
  return [];
}
