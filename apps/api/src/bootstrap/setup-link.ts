import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Db } from '@arbor/db';
import { hashSecret, newSecret } from '@arbor/db/secrets';

/** Long enough to be read tomorrow morning; every start makes a new link once the old one is over. */
const setupLinkMs = 24 * 60 * 60 * 1000;

export async function hasOwner(db: Db): Promise<boolean> {
  const owner = await db.membership.findFirst({
    where: { role: 'owner' },
    select: { userId: true },
  });
  return owner !== null;
}

function setupLinkFile(dataDir: string): string {
  return path.join(dataDir, 'setup-link.txt');
}

/**
 * While nobody owns anything, keeps a link in the data folder with which the first owner makes an
 * account; the supervisor shows it on the terminal. Reading the folder is what proves the right to it.
 * Only the hash of its token is in the database.
 */
export async function offerSetupLink(
  db: Db,
  { dataDir, webUrl, now }: { dataDir: string; webUrl: string; now: Date },
): Promise<'offered' | 'not_needed'> {
  const file = setupLinkFile(dataDir);
  if (await hasOwner(db)) {
    await withdrawSetupLink(db, dataDir);
    return 'not_needed';
  }
  if (await isStillGood(db, file, { webUrl, now })) return 'offered';
  const token = newSecret();
  await db.$transaction([
    db.setupToken.deleteMany({ where: { usedAt: null } }),
    db.setupToken.create({
      data: { tokenHash: hashSecret(token), expiresAt: new Date(now.getTime() + setupLinkMs) },
    }),
  ]);
  // Written beside and renamed, so that whoever waits for the file never reads half a link.
  await writeFile(`${file}.new`, `${webUrl}/welcome?token=${token}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return 'offered';
}

/** Once there is an owner no link may make another one, whoever kept it. */
export async function withdrawSetupLink(db: Db, dataDir: string): Promise<void> {
  await db.setupToken.deleteMany({ where: { usedAt: null } });
  await rm(setupLinkFile(dataDir), { force: true });
}

/** A restart keeps the link that somebody may have copied already. */
async function isStillGood(
  db: Db,
  file: string,
  { webUrl, now }: { webUrl: string; now: Date },
): Promise<boolean> {
  const link = await readFile(file, 'utf8').catch(() => '');
  const prefix = `${webUrl}/welcome?token=`;
  if (!link.startsWith(prefix)) return false;
  const tokenHash = hashSecret(link.slice(prefix.length).trim());
  const where = { tokenHash, usedAt: null, expiresAt: { gt: now } };
  return (await db.setupToken.findFirst({ where })) !== null;
}
