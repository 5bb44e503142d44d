import { parseArgs } from 'node:util';

/** One option: what it takes, and a sentence for the help. */
export type OptionPlan = {
  readonly type: 'boolean' | 'string';
  readonly about: string;
  /** Shown in the help as the name of the value. */
  readonly value?: string;
};

export type CommandPlan = {
  readonly usage: string;
  readonly about: string;
  readonly options: Readonly<Record<string, OptionPlan>>;
  readonly positionals?: boolean;
};

export type ParsedCommand = {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
};

/** The command line is not one this command understands. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses the arguments of a whole program: `--help` prints and ends, a wrong option says so and ends with 2. */
export function parseCommand(plan: CommandPlan): ParsedCommand {
  try {
    const parsed = parseArguments(plan, process.argv.slice(2));
    if (parsed !== null) return parsed;
    process.stdout.write(helpOf(plan));
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${helpOf(plan)}`);
    process.exit(2);
  }
}

/** Null when help was asked for. */
export function parseArguments(plan: CommandPlan, args: readonly string[]): ParsedCommand | null {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string }> = {
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, { type }] of Object.entries(plan.options)) options[name] = { type };
  // Some package managers hand the separating "--" on.
  const own = args[0] === '--' ? args.slice(1) : args;
  try {
    const { values, positionals } = parseArgs({
      args: [...own],
      options,
      allowPositionals: plan.positionals === true,
      strict: true,
    });
    return values.help === true ? null : { values: values as ParsedCommand['values'], positionals };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The text of `--help`. */
export function helpOf(plan: CommandPlan): string {
  const rows: [string, string][] = Object.entries(plan.options).map(([name, option]) => [
    `--${name}${option.type === 'string' ? ` ${option.value ?? 'TEXT'}` : ''}`,
    option.about,
  ]);
  rows.push(['--help', 'print this']);
  const width = Math.max(...rows.map(([left]) => left.length));
  const list = rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
  return `usage: ${plan.usage}\n\n${plan.about}\n\n${list}\n`;
}
