import type { Db, DbTransaction } from '@arbor/db';
import { hashSecret, newToken } from '@arbor/db/secrets';
import { z } from 'zod';
import { ensureOwner } from '../auth/create-owner.ts';
import { passwordLength } from '../auth/password-length.ts';
import { startLower } from '../describe-issues.ts';
import { nameSchema, timezoneSchema } from '../projects/project-fields.ts';

/** `ARBOR_BOOTSTRAP` cannot be applied; the process does not start with half of it. */
export class BootstrapError extends Error {
  override readonly name = 'BootstrapError';
}

/** As given, spaces included; PostgreSQL refuses a zero byte in the name. */
const credentialSchema = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

const entrySchema = z.strictObject({
  org: nameSchema,
  project: nameSchema,
  /** Below the end of PostgreSQL's integer: later projects are numbered behind it. */
  id: z.number().int().min(1).max(0x7fff_0000).optional(),
  token: nameSchema.optional(),
  secret: nameSchema.optional(),
  timezone: timezoneSchema.default('UTC'),
  /** Over how many shards the users of a new project lie; that of a project that is there stays as it is. */
  spread: z
    .number()
    .int()
    .min(1)
    .max(1024)
    .refine((spread) => (spread & (spread - 1)) === 0, 'must be a power of two')
    .optional(),
  serviceAccount: z
    .strictObject({ username: credentialSchema, secret: credentialSchema })
    .optional(),
  owner: z
    .strictObject({
      email: z.email(),
      password: z.string().min(passwordLength.min).max(passwordLength.max),
      name: nameSchema.optional(),
    })
    .optional(),
});

export type BootstrapEntry = z.infer<typeof entrySchema>;

/** Entries that contradict each other would change the database to and fro at every start. */
const entriesSchema = z.array(entrySchema).superRefine((entries, context) => {
  for (const [index, entry] of entries.entries()) {
    const earlier = entries.slice(0, index);
    const refuse = (path: string[], message: string): void =>
      context.addIssue({ code: 'custom', path: [index, ...path], message });
    for (const field of ['id', 'token', 'secret'] as const) {
      const value = entry[field];
      const other = earlier.findIndex((each) => value !== undefined && each[field] === value);
      if (other !== -1) refuse([field], `is that of entry ${other} too: every project has its own`);
    }
    const account = entry.serviceAccount;
    const other = earlier.findIndex(
      ({ org, serviceAccount }) =>
        account !== undefined &&
        serviceAccount?.username === account.username &&
        (org !== entry.org || serviceAccount.secret !== account.secret),
    );
    if (other !== -1) {
      refuse(
        ['serviceAccount', 'username'],
        `is that of entry ${other} too, with another organization or secret: give another one`,
      );
    }
  }
});

/** Reads the variable's JSON; every fault is named by its place, no value of a secret is repeated. */
export function parseBootstrap(text: string): BootstrapEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BootstrapError('ARBOR_BOOTSTRAP is not JSON: give an array of projects', { cause });
  }
  const parsed = entriesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(
    ({ path, message }) => `  [${path.join('.')}]: ${startLower(message)}`,
  );
  throw new BootstrapError(`ARBOR_BOOTSTRAP is not usable; correct:\n${lines.join('\n')}`);
}

/** Serialises processes that start at the same time; any number that nothing else locks. */
const bootstrapLock = 72_707_370;

/**
 * Makes the database say what the entries say. Idempotent: applied at every start. What an entry names
 * is set anew each time (names, token, secret, time zone), so the variable can be used to change them;
 * what it leaves out stays as it is. All or nothing.
 */
export async function applyBootstrap(
  db: Db,
  entries: readonly BootstrapEntry[],
  options: { readonly demoProjectId?: number } = {},
): Promise<void> {
  await db.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${bootstrapLock})`;
      for (const entry of entries) await applyEntry(tx, entry, options);
      await skipGivenIds(tx);
    },
    { timeout: 60_000 },
  );
}

async function applyEntry(
  tx: DbTransaction,
  entry: BootstrapEntry,
  { demoProjectId }: { readonly demoProjectId?: number },
): Promise<void> {
  const organization = await tx.organization.upsert({
    where: { name: entry.org },
    create: { name: entry.org },
    update: {},
  });
  const known = await findProject(tx, entry, organization.id);
  await refuseTaken(tx, entry, known?.id);
  const data = {
    name: entry.project,
    organizationId: organization.id,
    timezone: entry.timezone,
    isDemo: entry.id !== undefined && entry.id === demoProjectId,
    ...(entry.token === undefined ? {} : { token: entry.token }),
    ...(entry.secret === undefined ? {} : { secretHash: hashSecret(entry.secret) }),
  };
  if (known === null) {
    const id = entry.id === undefined ? {} : { id: entry.id };
    const spread = entry.spread === undefined ? {} : { spread: entry.spread };
    await tx.project.create({ data: { token: newToken(), ...id, ...spread, ...data } });
  } else {
    await tx.project.update({ where: { id: known.id }, data });
  }
  if (entry.serviceAccount !== undefined) {
    await ensureServiceAccount(tx, organization.id, entry.serviceAccount);
  }
  if (entry.owner !== undefined) {
    const { email, password, name = email.split('@')[0] ?? email } = entry.owner;
    await ensureOwner(tx, organization.id, { email, password, name });
  }
}

/** The project an entry means: by id, else by token, else by name within its organisation. */
async function findProject(
  tx: DbTransaction,
  entry: BootstrapEntry,
  organizationId: number,
): Promise<{ id: number } | null> {
  const select = { id: true };
  if (entry.id !== undefined) return tx.project.findUnique({ where: { id: entry.id }, select });
  if (entry.token !== undefined) {
    const byToken = await tx.project.findUnique({ where: { token: entry.token }, select });
    if (byToken !== null) return byToken;
  }
  return tx.project.findFirst({ where: { organizationId, name: entry.project }, select });
}

/** A token or a secret names one project. The database would refuse as well, in words for nobody. */
async function refuseTaken(
  tx: DbTransaction,
  { project, token, secret }: BootstrapEntry,
  projectId: number | undefined,
): Promise<void> {
  const holders = {
    token: token === undefined ? null : await tx.project.findUnique({ where: { token } }),
    secret:
      secret === undefined
        ? null
        : await tx.project.findUnique({ where: { secretHash: hashSecret(secret) } }),
  };
  for (const [field, holder] of Object.entries(holders)) {
    if (holder === null || holder.id === projectId) continue;
    throw new BootstrapError(
      `ARBOR_BOOTSTRAP: the ${field} of project "${project}" belongs to project ${holder.id} already: give another one`,
    );
  }
}

async function ensureServiceAccount(
  tx: DbTransaction,
  organizationId: number,
  { username, secret }: { readonly username: string; readonly secret: string },
): Promise<void> {
  // Set up by the operator for scripts that import too, which takes an admin.
  const data = { organizationId, secretHash: hashSecret(secret), role: 'admin' as const };
  await tx.serviceAccount.upsert({
    where: { username },
    create: { username, ...data },
    update: data,
  });
}

/** Ids given by hand do not move the sequence: without this a later project would meet one of them. */
async function skipGivenIds(tx: DbTransaction): Promise<void> {
  await tx.$executeRaw`
    SELECT setval('projects_id_seq', GREATEST(
      (SELECT max(id) + 1 FROM projects),
      (SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM projects_id_seq)
    ), false)`;
}
