import { createDb, isUniqueViolation, type Db } from '@arbor/db';
import { roles, type Role } from '@arbor/db/roles';
import { hashSecret, newSecret } from '@arbor/db/secrets';
import { CliError, print, requiredOption, textOption, type CliCommand } from './command.ts';
import { requireRunningStack } from './running-stack.ts';

export const serviceAccountCreateCommand: CliCommand = {
  name: 'service-account create',
  summary: 'make a credential for scripts',
  plan: {
    usage:
      'pnpm cli service-account create --username NAME --org NAME [--role ROLE] [--projects NUMBERS] [--expires DATE]',
    about: `Makes a service account of an organisation in the running stack and prints its secret, once.
Scripts use both as HTTP Basic credentials. Without --projects it opens every project of the
organisation, also those to come.`,
    options: {
      username: { type: 'string', value: 'NAME', about: 'its name' },
      org: { type: 'string', value: 'NAME', about: 'organisation it belongs to' },
      role: { type: 'string', value: 'ROLE', about: `${roles.join(', ')} (analyst)` },
      projects: { type: 'string', value: 'NUMBERS', about: 'only these, such as 1,4 (all)' },
      expires: {
        type: 'string',
        value: 'DATE',
        about: 'when it stops working: a day, or an instant such as 2027-01-31T12:00:00Z (never)',
      },
      json: { type: 'boolean', about: 'print one JSON object' },
    },
  },
  run: async (parsed) => {
    const run = requireRunningStack();
    const role = requireRole(textOption(parsed, 'role') ?? 'analyst');
    const projects = projectNumbers(textOption(parsed, 'projects'));
    const expiresAt = requireExpiry(textOption(parsed, 'expires'), Date.now());
    const db = createDb(run.postgres.url);
    try {
      const created = await createServiceAccount(db, {
        username: requireUsername(requiredOption(parsed, 'username')),
        organization: requiredOption(parsed, 'org'),
        role,
        projects,
        expiresAt,
      });
      const { username, secret } = created;
      const text = `service account ${username}\n  secret  ${secret}   (shown only now)`;
      print(parsed.values.json === true ? JSON.stringify(created) : text);
      return 0;
    } finally {
      await db.$disconnect();
    }
  },
};

type NewServiceAccount = {
  username: string;
  organization: string;
  role: Role;
  /** Null = all of the organisation. */
  projects: readonly number[] | null;
  /** Null = never. */
  expiresAt: Date | null;
};
type CreatedServiceAccount = Pick<NewServiceAccount, 'username' | 'role' | 'projects'> & {
  secret: string;
  expiresAt: string | null;
};

export async function createServiceAccount(
  db: Db,
  { username, organization, role, projects, expiresAt }: NewServiceAccount,
): Promise<CreatedServiceAccount> {
  const owner = await db.organization.findUnique({ where: { name: organization } });
  if (owner === null) {
    const known = await db.organization.findMany({ select: { name: true }, take: 20 });
    const names = known.map(({ name }) => `"${name}"`).join(', ');
    throw new CliError(`there is no organisation "${organization}"; there are ${names || 'none'}`);
  }
  if (projects !== null) await requireProjects(db, projects, { organization, id: owner.id });
  const secret = newSecret();
  try {
    await db.serviceAccount.create({
      data: {
        username,
        role,
        expiresAt,
        secretHash: hashSecret(secret),
        organizationId: owner.id,
        allProjects: projects === null,
        projects: { create: (projects ?? []).map((projectId) => ({ projectId, role })) },
      },
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new CliError(`a service account "${username}" exists already; choose another name`);
  }
  return { username, secret, role, projects, expiresAt: expiresAt?.toISOString() ?? null };
}

async function requireProjects(
  db: Db,
  projects: readonly number[],
  { organization, id: organizationId }: { organization: string; id: number },
): Promise<void> {
  const found = await db.project.findMany({
    where: { organizationId, id: { in: [...projects] } },
    select: { id: true },
  });
  const missing = projects.find((id) => !found.some((one) => one.id === id));
  if (missing === undefined) return;
  throw new CliError(`--projects: "${organization}" has no project ${missing}`);
}

/** A colon ends the name in HTTP Basic. */
function requireUsername(text: string): string {
  const username = text.trim();
  if (username !== '' && username.length <= 100 && !username.includes(':')) return username;
  throw new CliError(`--username "${text}": must be 1 to 100 characters without a colon`);
}

export function projectNumbers(text: string | undefined): readonly number[] | null {
  if (text === undefined) return null;
  const numbers = text.split(',').map((part) => (/^\s*[1-9]\d{0,8}\s*$/.test(part) ? +part : NaN));
  if (!numbers.some(Number.isNaN)) return [...new Set(numbers)];
  throw new CliError(`--projects "${text}": must be numbers of projects, such as 1,4`);
}

/** A day is over when it has ended everywhere: an account that stops some hours late surprises nobody. */
export function requireExpiry(text: string | undefined, now: number): Date | null {
  if (text === undefined) return null;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isInstant = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(text);
  const expiresAt = new Date(isDay ? `${text}T23:59:59.999-12:00` : text);
  if ((!isDay && !isInstant) || Number.isNaN(expiresAt.getTime())) {
    throw new CliError(`--expires "${text}": must be a day such as 2027-01-31, or an instant`);
  }
  if (expiresAt.getTime() > now) return expiresAt;
  throw new CliError(`--expires "${text}" is over already`);
}

function requireRole(text: string): Role {
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new CliError(`--role "${text}": must be ${roles.join(', ')}`);
  return role;
}
