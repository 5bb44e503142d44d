import { createDb, type Db } from '@arbor/db';
import { hashSecret, newSecret, newToken } from '@arbor/db/secrets';
import { CliError, print, requiredOption, textOption, type CliCommand } from './command.ts';
import { requireRunningStack } from './running-stack.ts';

export const projectCreateCommand: CliCommand = {
  name: 'project create',
  summary: 'make a project and print its token',
  plan: {
    usage: 'pnpm cli project create --name NAME [--timezone ZONE] [--org NAME] [--spread SHARDS]',
    about: `Makes a project in the running stack and prints its token and, once, its secret. The token goes
into pages and apps; the secret reads data and stays on servers. The organisation is made if there
is none of that name.`,
    options: {
      name: { type: 'string', value: 'NAME', about: 'name of the project' },
      timezone: { type: 'string', value: 'ZONE', about: 'IANA time zone of its reports (UTC)' },
      org: { type: 'string', value: 'NAME', about: 'organisation it belongs to (Default)' },
      spread: {
        type: 'string',
        value: 'SHARDS',
        about: 'over how many shards its users lie: a power of two, for ever (1)',
      },
      json: { type: 'boolean', about: 'print one JSON object' },
    },
  },
  run: async (parsed) => {
    const run = requireRunningStack();
    const timezone = textOption(parsed, 'timezone') ?? 'UTC';
    requireTimezone(timezone);
    const db = createDb(run.postgres.url);
    try {
      const created = await createProject(db, {
        name: requiredOption(parsed, 'name'),
        organization: textOption(parsed, 'org') ?? 'Default',
        timezone,
        spread: spreadOf(textOption(parsed, 'spread') ?? '1', run.shards),
      });
      print(parsed.values.json === true ? JSON.stringify(created) : formatProject(created));
      return 0;
    } finally {
      await db.$disconnect();
    }
  },
};

type NewProject = { name: string; organization: string; timezone: string; spread?: number };
export type CreatedProject = { id: number; name: string; token: string; secret: string };

export async function createProject(db: Db, wanted: NewProject): Promise<CreatedProject> {
  const { name, organization, timezone, spread = 1 } = wanted;
  const token = newToken();
  const secret = newSecret();
  const { id } = await db.project.create({
    data: {
      name,
      timezone,
      spread,
      token,
      secretHash: hashSecret(secret),
      organization: {
        connectOrCreate: { where: { name: organization }, create: { name: organization } },
      },
    },
  });
  return { id, name, token, secret };
}

/** An offset like +01:00 has no daylight saving, so a project is given a place. */
export function requireTimezone(name: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    if (/^[A-Za-z]/.test(name)) return;
  } catch {
    // Said below, together with what to do.
  }
  throw new CliError(`--timezone "${name}" is unknown; give an IANA name such as Europe/Berlin`);
}

function spreadOf(text: string, shards: number): number {
  const spread = Number(text);
  if (Number.isInteger(spread) && spread >= 1 && spread <= shards && (spread & (spread - 1)) === 0)
    return spread;
  throw new CliError(`--spread "${text}" is not a power of two from 1 to the ${shards} shards`);
}

function formatProject({ id, name, token, secret }: CreatedProject): string {
  return [
    `project ${id} "${name}"`,
    `  token   ${token}`,
    `  secret  ${secret}   (shown only now)`,
  ].join('\n');
}
