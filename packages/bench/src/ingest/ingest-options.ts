import { parseCommand, UsageError, type CommandPlan } from '@arbor/local-stack/parse-command';

/** How events are sent: 50 a `/track` request as browsers do, or 2,000 a compressed `/import` as scripts do. */
export const loadNames = ['track', 'import'] as const;
export type LoadName = (typeof loadNames)[number];

export interface IngestOptions {
  readonly loads: readonly LoadName[];
  readonly seconds: number;
  /** How long each load is sent before anything is measured: a process that was just started compiles what it runs. */
  readonly warmUpSeconds: number;
  /** Events a second that are offered; 0 = as many as are taken. */
  readonly rate: number;
  /** Requests under way at once. */
  readonly senders: number;
  /** What is turned away is not sent again: the load goes on as it is offered, whatever becomes of it. */
  readonly isOpen: boolean;
  readonly fromSource: boolean;
  /** Folder for CPU profiles of the stack's processes; absent = none. */
  readonly profiles: string | undefined;
}

const plan: CommandPlan = {
  usage: 'pnpm bench ingest [options]',
  about: `Sends events to a stack of its own, with both zones, and says how many were accepted and could be queried, how
soon, and what each process spent. Afterwards both zones are asked whether they have each event once.`,
  positionals: true,
  options: {
    loads: { type: 'string', value: 'LIST', about: `of ${loadNames.join()} (both)` },
    seconds: { type: 'string', value: 'N', about: 'how long each sends (60)' },
    'warm-up': { type: 'string', value: 'N', about: 'seconds it sends before that, uncounted (0)' },
    rate: {
      type: 'string',
      value: 'N',
      about: 'events a second; 0 = as many as are taken (20000)',
    },
    senders: {
      type: 'string',
      value: 'N',
      about: 'requests under way at once (32; with --open 3000)',
    },
    open: {
      type: 'boolean',
      about:
        'send each request once, as clients do that come as they come; for rates beyond what is taken',
    },
    'from-source': { type: 'boolean', about: 'run the sources, not a production build' },
    profile: { type: 'string', value: 'DIR', about: 'write CPU profiles of all processes there' },
  },
};

/** Ends the process with a message where the command line is not one of this command. */
export function readIngestOptions(): IngestOptions {
  const { values } = parseCommand(plan);
  try {
    return ingestOptionsOf(values);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

/** Throws `UsageError` with the value that is wrong and what would be right. */
export function ingestOptionsOf(
  values: Readonly<Record<string, string | boolean | undefined>>,
): IngestOptions {
  const text = (name: string): string | undefined =>
    typeof values[name] === 'string' ? values[name] : undefined;
  const given = (text('loads') ?? loadNames.join()).split(',');
  const unknown = given.find((one) => !(loadNames as readonly string[]).includes(one));
  if (unknown !== undefined) {
    throw new UsageError(`--loads "${unknown}": must be of ${loadNames.join(', ')}`);
  }
  return {
    loads: loadNames.filter((one) => given.includes(one)),
    seconds: whole('seconds', text('seconds') ?? '60', 1),
    warmUpSeconds: whole('warm-up', text('warm-up') ?? '0', 0),
    rate: whole('rate', text('rate') ?? '20000', 0),
    senders: whole('senders', text('senders') ?? (values['open'] === true ? '3000' : '32'), 1),
    isOpen: values['open'] === true,
    fromSource: values['from-source'] === true,
    profiles: text('profile'),
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} "${text}": must be a whole number from ${least} on`);
}
