import { parseCommand, UsageError, type CommandPlan } from '@arbor/local-stack/parse-command';
import { peerNames, type PeerName } from './peers/install.ts';
import { querySet } from './queries/query-set.ts';

/** `options` is done only when it is named. */
export const stepNames = ['gen', 'load', 'query', 'options', 'report'] as const;
export type StepName = (typeof stepNames)[number];

export interface BenchOptions {
  readonly events: number;
  readonly seed: number;
  readonly peers: readonly PeerName[];
  readonly steps: readonly StepName[];
  /** Names of questions, all without it. */
  readonly queries: readonly string[];
  readonly filtered: boolean;
  readonly stored: boolean;
  readonly cold: boolean;
  /** Also Arbor's engine alone. */
  readonly library: boolean;
  readonly runs: number;
  readonly threads: number;
  /** GB that each peer may use. */
  readonly memoryGb: number;
  readonly cacheMb: number | undefined;
  /** Load engines again that have the data already. */
  readonly reload: boolean;
  readonly insertIds: boolean;
  readonly fromSource: boolean;
  readonly profile: string | undefined;
  readonly data: string | undefined;
  readonly docs: boolean;
}

const plan: CommandPlan = {
  usage: 'pnpm bench [options]',
  about: `Asks Arbor and other databases twelve questions about a generated shop and compares the times.
Everything goes the way of a user: HTTP to the api, which asks a storage process. A figure is printed only
when the answers of all engines are equal. Steps find what earlier runs left and go on from there.`,
  options: {
    events: { type: 'string', value: 'N', about: 'size of the shop, about (1000000)' },
    peers: { type: 'string', value: 'LIST', about: 'of clickhouse,duckdb (none)' },
    steps: { type: 'string', value: 'LIST', about: `of ${stepNames.join()} (all but options)` },
    queries: { type: 'string', value: 'LIST', about: 'as Q1,Q5 (all)' },
    filtered: { type: 'boolean', about: 'ask each question again with one more filter on events' },
    stored: { type: 'boolean', about: 'answers may come from kept results and stored structures' },
    library: { type: 'boolean', about: "also ask Arbor's engine alone, without its servers" },
    'no-cold': { type: 'boolean', about: 'no first run in a new process with its files uncached' },
    runs: { type: 'string', value: 'N', about: 'warm runs, in alternation (6)' },
    threads: { type: 'string', value: 'N', about: 'of each engine (2)' },
    memory: { type: 'string', value: 'GB', about: 'what each peer may use (12)' },
    cache: { type: 'string', value: 'MB', about: "Arbor's decoded columns (its own default)" },
    reload: {
      type: 'boolean',
      about: 'load engines again that have the data, as after a change of format',
    },
    'insert-ids': {
      type: 'boolean',
      about: 'give every event a random $insert_id, in a data folder of its own',
    },
    'from-source': { type: 'boolean', about: 'run the sources, not a production build' },
    profile: { type: 'string', value: 'Q5', about: 'write CPU profiles of one question, no table' },
    seed: { type: 'string', value: 'N', about: 'of the shop (42)' },
    data: { type: 'string', value: 'DIR', about: 'where everything is kept (.arbor-bench)' },
    docs: { type: 'boolean', about: 'write the tables into docs/performance.md' },
  },
};

/** Ends the process with a message where the command line is not one of this command. */
export function readOptions(): BenchOptions {
  const { values } = parseCommand(plan);
  try {
    return optionsOf(values);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** Throws `UsageError` with the value that is wrong and what would be right. */
export function optionsOf(
  values: Readonly<Record<string, string | boolean | undefined>>,
): BenchOptions {
  const text = (name: string): string | undefined =>
    typeof values[name] === 'string' ? values[name] : undefined;
  const profile = text('profile');
  return {
    events: number('events', text('events') ?? '1000000', 10_000),
    seed: number('seed', text('seed') ?? '42', 0),
    peers: list('peers', text('peers') ?? '', peerNames),
    steps: list('steps', text('steps') ?? 'gen,load,query,report', stepNames),
    queries: list('queries', text('queries') ?? queryNames.join(), queryNames),
    filtered: values.filtered === true,
    stored: values.stored === true,
    cold: values['no-cold'] !== true,
    library: values.library === true,
    runs: number('runs', text('runs') ?? '6', 1),
    threads: number('threads', text('threads') ?? '2', 1),
    memoryGb: number('memory', text('memory') ?? '12', 1),
    cacheMb: text('cache') === undefined ? undefined : number('cache', text('cache') ?? '', 1),
    reload: values.reload === true,
    insertIds: values['insert-ids'] === true,
    fromSource: values['from-source'] === true,
    profile: profile === undefined ? undefined : list('profile', profile, queryNames)[0],
    data: text('data'),
    docs: values.docs === true,
  };
}

const queryNames: readonly string[] = querySet.map(({ name }) => name);

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} "${text}": must be a whole number from ${least} on`);
}

function list<Name extends string>(name: string, text: string, known: readonly Name[]): Name[] {
  const given = text.split(',').filter((one) => one !== '');
  const unknown = given.find((one) => !(known as readonly string[]).includes(one));
  if (unknown !== undefined) {
    throw new UsageError(`--${name} "${unknown}": must be of ${known.join(', ')}`);
  }
  return known.filter((one) => given.includes(one));
}
