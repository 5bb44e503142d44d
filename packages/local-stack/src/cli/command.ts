import type { CommandPlan, ParsedCommand } from '../parse-command.ts';

/** One command of `pnpm cli`. */
export type CliCommand = {
  /** The words that choose it: `project create`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly plan: CommandPlan;
  /** Answers the exit code. */
  run(parsed: ParsedCommand): Promise<number>;
};

/** Something the operator has to mend; its text says all there is to say. */
export class CliError extends Error {
  override readonly name = 'CliError';
}

/** The value of an option that must be there. */
export function requiredOption(parsed: ParsedCommand, name: string): string {
  const value = parsed.values[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new CliError(`--${name} is missing`);
}

/** The value of an option that may be left out. */
export function textOption(parsed: ParsedCommand, name: string): string | undefined {
  const value = parsed.values[name];
  return typeof value === 'string' ? value : undefined;
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
