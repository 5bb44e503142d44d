import { createDb, isUniqueViolation, type Db } from '@arbor/db';
import { roles, type Role } from '@arbor/db/roles';
import { hashSecret, newSecret } from '@arbor/db/secrets';
import { CliError, print, requiredOption, textOption, type CliCommand } from './command.ts';
import { requireRunningStack } from './running-stack.ts';

export const serviceAccountCreateCommand: CliCommand = {
  name: 'service-account create',
  summary: 'make a credential for scripts',
  plan: {
    usage: 'pnpm cli service-account create --username NAME --org NAME [--role ROLE]',
    about: `Makes a service account of an organisation in the running stack and prints its secret, once.
Scripts use both as HTTP Basic credentials.`,
    options: {
      username: { type: 'string', value: 'NAME', about: 'its name' },
      org: { type: 'string', value: 'NAME', about: 'organisation it belongs to' },
      role: { type: 'string', value: 'ROLE', about: `${roles.join(', ')} (analyst)` },
      json: { type: 'boolean', about: 'print one JSON object' },
    },
  },
  run: async (parsed) => {
    const run = requireRunningStack();
    const role = requireRole(textOption(parsed, 'role') ?? 'analyst');
    const db = createDb(run.postgres.url);
    try {
      const created = await createServiceAccount(db, {
        username: requiredOption(parsed, 'username'),
        organization: requiredOption(parsed, 'org'),
        role,
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

type NewServiceAccount = { username: string; organization: string; role: Role };

export async function createServiceAccount(
  db: Db,
  { username, organization, role }: NewServiceAccount,
): Promise<{ username: string; secret: string; role: Role }> {
  const owner = await db.organization.findUnique({ where: { name: organization } });
  if (owner === null) {
    const known = await db.organization.findMany({ select: { name: true }, take: 20 });
    const names = known.map(({ name }) => `"${name}"`).join(', ');
    throw new CliError(`there is no organisation "${organization}"; there are ${names || 'none'}`);
  }
  const secret = newSecret();
  try {
    await db.serviceAccount.create({
      data: { username, role, secretHash: hashSecret(secret), organizationId: owner.id },
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new CliError(`a service account "${username}" exists already; choose another name`);
  }
  return { username, secret, role };
}

function requireRole(text: string): Role {
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new CliError(`--role "${text}": must be ${roles.join(', ')}`);
  return role;
}
