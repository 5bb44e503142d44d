import { parseArguments, UsageError, type CommandPlan } from '@arbor/local-stack/parse-command';
import type { Account } from './stack/arbor-client.ts';

/** Where the questions are put. */
export type Place =
  /** To the engine in this process. */
  | { readonly type: 'memory' }
  /** To a stack of its own: with rows in the row log, and with rows in segments. */
  | { readonly type: 'own-stack'; readonly live: boolean; readonly indexed: boolean }
  /** To one that runs. */
  | {
      readonly type: 'running-stack';
      readonly url: string;
      readonly account: Account;
      readonly zones: readonly string[];
    };

export interface Options {
  readonly paths: readonly string[];
  /** Ids of cases; empty = all. */
  readonly only: readonly string[];
  readonly json: boolean;
  readonly place: Place;
}

export const plan: CommandPlan = {
  usage: 'pnpm conformance PATH... [options]',
  about: `Asks every case of files and folders of conformance cases, and compares the numbers. Without an option it starts
a stack of its own in a temporary folder, sends people, aliases and events of each case to a project over HTTP,
asks the Query API, starts the stack again, waits until all rows lie in segments, and asks once more. Prints
each difference and, as the last line, "N passed, N failed"; ends with 1 if any failed.`,
  options: {
    only: { type: 'string', value: 'ID,…', about: 'only these cases' },
    json: { type: 'boolean', about: 'print one JSON object instead' },
    'in-memory': {
      type: 'boolean',
      about: 'ask the engine in this process, by rows and by segments, without a stack',
    },
    live: { type: 'boolean', about: 'only before the rows are indexed' },
    indexed: { type: 'boolean', about: 'only after the rows are indexed' },
    url: { type: 'string', value: 'URL', about: 'ask the API of a running stack, as it is' },
    'service-account': {
      type: 'string',
      value: 'USER:SECRET',
      about: 'with --url: an account that may create projects',
    },
    zones: { type: 'string', value: 'a,b', about: 'with --url: zones of that stack (a,b)' },
  },
  positionals: true,
};

/** Null when help was asked for. Throws `UsageError`. */
export function readOptions(args: readonly string[]): Options | null {
  const parsed = parseArguments(plan, args);
  if (parsed === null) return null;
  const { values, positionals: paths } = parsed;
  if (paths.length === 0) throw new UsageError('name files or folders of conformance cases');
  return {
    paths,
    only: listOf(values.only),
    json: values.json === true,
    place: placeOf(values),
  };
}

type Values = Readonly<Record<string, string | boolean | undefined>>;

function placeOf(values: Values): Place {
  const { url, live, indexed } = values;
  const places = (['in-memory', 'live', 'indexed', 'url'] as const).filter(
    (name) => values[name] !== undefined,
  );
  if (places.length > 1) {
    const names = places.map((name) => `--${name}`).join(' and ');
    throw new UsageError(`${names} exclude each other: give one of them`);
  }
  if (values['in-memory'] === true) return { type: 'memory' };
  if (typeof url !== 'string') {
    return { type: 'own-stack', live: indexed !== true, indexed: live !== true };
  }
  const zones = listOf(values.zones ?? 'a,b');
  return { type: 'running-stack', url, account: accountOf(values['service-account']), zones };
}

function accountOf(text: string | boolean | undefined): Account {
  const [, username, secret] = /^([^:]+):(.+)$/.exec(String(text ?? '')) ?? [];
  if (username === undefined || secret === undefined) {
    throw new UsageError('--url needs --service-account USER:SECRET, an admin of an organisation');
  }
  return { username, secret };
}

const listOf = (text: string | boolean | undefined): string[] =>
  typeof text === 'string' ? text.split(',').filter((own) => own !== '') : [];
