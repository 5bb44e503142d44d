import { createHash } from 'node:crypto';
import type { Db } from '@arbor/db';
import { roleAllows } from '@arbor/db/roles';
import { hashSecret } from '@arbor/db/secrets';
import { accountRoleIn } from '../auth/account-role.ts';
import { serviceAccountOf } from '../auth/service-account-login.ts';
import type { EdgeProject, ImportCredential, ProjectLookup } from '../edge/ports.ts';
import { defaultEdgeSettings } from '../edge/ports.ts';
import { isProjectId } from './project-fields.ts';
import { TtlCache } from './ttl-cache.ts';

/** A new token or a changed secret works everywhere after at most this long. */
const freshMs = 5000;
/** So long the edge goes on with what it knows while PostgreSQL is away. */
const staleMs = 30 * 60 * 1000;
/** About 2 MB; unknown tokens count too, so that a flood of them neither fills memory nor reaches the database. */
const entriesMax = 10_000;

/** What the edge asks about projects: answered from PostgreSQL, remembered for a few seconds. */
export function createProjectLookup(db: Db, clock: () => number): ProjectLookup {
  const cache = new TtlCache<EdgeProject | null>({ clock, freshMs, staleMs, entriesMax });
  return {
    byToken: (token) => cache.get(`token:${digest(token)}`, () => byToken(db, token)),
    byCredential: async (credential) =>
      cache.get(`credential:${digest(JSON.stringify(credential))}`, () =>
        byCredential(db, credential, clock()),
      ),
  };
}

/** Keys of a bounded length, and no secret lies about in memory for longer than its request. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

async function byCredential(
  db: Db,
  credential: ImportCredential,
  now: number,
): Promise<EdgeProject | null> {
  switch (credential.type) {
    case 'service-account':
      return byServiceAccount(db, credential, now);
    case 'token-or-secret':
    case 'api-key':
      return (await byToken(db, credential.value)) ?? bySecret(db, credential.value);
  }
}

async function byToken(db: Db, token: string): Promise<EdgeProject | null> {
  if (!isStorableText(token)) return null;
  return edgeProject(await db.project.findUnique({ where: { token }, select }));
}

/** The hash is looked up, not the secret, so the database's comparison tells nothing about it. */
async function bySecret(db: Db, secret: string): Promise<EdgeProject | null> {
  const where = { secretHash: hashSecret(secret) };
  return edgeProject(await db.project.findUnique({ where, select }));
}

async function byServiceAccount(
  db: Db,
  credential: Extract<ImportCredential, { type: 'service-account' }>,
  now: number,
): Promise<EdgeProject | null> {
  const { projectId } = credential;
  if (!isProjectId(projectId)) return null;
  const account = await serviceAccountOf(db, credential, now);
  if (account === null || account.expired) return null;
  // Writing history changes every report: `ingestion-api.md` 1.3 asks for an owner or an admin.
  const role = accountRoleIn(account, projectId);
  if (role === null || !roleAllows(role, 'admin')) return null;
  const where = { id: projectId, organizationId: account.organizationId };
  return edgeProject(await db.project.findFirst({ where, select }));
}

const select = { id: true, identityMode: true, allowedOrigins: true } as const;

interface Row {
  readonly id: number;
  readonly identityMode: string;
  readonly allowedOrigins: string[];
}

function edgeProject(row: Row | null): EdgeProject | null {
  if (row === null) return null;
  const { id, allowedOrigins } = row;
  // A record belongs to the id it was sent with in all modes but one, which knows devices by their form.
  const identityMode = row.identityMode === 'simplified' ? 'simplified' : 'original';
  return { id, settings: { ...defaultEdgeSettings, identityMode, allowedOrigins } };
}

/** PostgreSQL refuses text with a zero byte: no such token exists, which is no error. */
function isStorableText(text: string): boolean {
  return !text.includes('\0');
}
