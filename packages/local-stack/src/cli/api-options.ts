import { basicCredentials } from '../import/sender.ts';
import type { OptionPlan, ParsedCommand } from '../parse-command.ts';
import { readSettings } from '../settings.ts';
import { apiUrlOf } from '../stack-processes.ts';
import { CliError, textOption } from './command.ts';
import { findRunningStack } from './running-stack.ts';

/** Options that say which api, and who asks it. */
export const apiOptions: Readonly<Record<string, OptionPlan>> = {
  secret: { type: 'string', value: 'SECRET', about: 'sign in with the project secret' },
  'service-account': {
    type: 'string',
    value: 'NAME:SECRET',
    about: 'sign in with a service account (needs --project-id)',
  },
  'project-id': { type: 'string', value: 'ID', about: 'number of the project' },
  api: { type: 'string', value: 'URL', about: 'address of the api (that of the running stack)' },
};

/** `authorization`: value of the header. `token`: what signs in where no other credentials are given; null = nothing does. */
export function credentialsOf(
  parsed: ParsedCommand,
  token: string | null,
): { authorization: string; projectId?: string } {
  const account = textOption(parsed, 'service-account');
  const secret = textOption(parsed, 'secret') ?? token;
  const projectId = textOption(parsed, 'project-id');
  if (account !== undefined) {
    if (!account.includes(':')) throw new CliError('--service-account must be NAME:SECRET');
    if (projectId === undefined) throw new CliError('--service-account needs --project-id');
    return { authorization: basicCredentials(account), projectId };
  }
  if (secret === null) {
    throw new CliError('--secret is missing (or --service-account with --project-id)');
  }
  const authorization = basicCredentials(`${secret}:`);
  return projectId === undefined ? { authorization } : { authorization, projectId };
}

export function apiUrl(parsed: ParsedCommand): string {
  const given = textOption(parsed, 'api');
  if (given === undefined) return findRunningStack()?.api ?? apiUrlOf(readSettings());
  if (!URL.canParse(given)) throw new CliError(`--api "${given}" is not an address`);
  return given;
}
