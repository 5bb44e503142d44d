import { CliError, type CliCommand } from '../cli/command.ts';
import { deadLetterCommands } from '../cli/dead-letters.ts';
import { exportCommand } from '../cli/export.ts';
import { importCommand } from '../cli/import.ts';
import { projectCreateCommand } from '../cli/project-create.ts';
import { serviceAccountCreateCommand } from '../cli/service-account-create.ts';
import { statusCommand } from '../cli/status.ts';
import { helpOf, parseArguments, UsageError } from '../parse-command.ts';

const commands: readonly CliCommand[] = [
  statusCommand,
  importCommand,
  exportCommand,
  projectCreateCommand,
  serviceAccountCreateCommand,
  ...deadLetterCommands,
];

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  const args = argv[0] === '--' ? argv.slice(1) : argv;
  const command = commands.find(({ name }) => startsWithWords(args, name));
  if (command === undefined) return unknownCommand(args);
  try {
    const parsed = parseArguments(command.plan, args.slice(command.name.split(' ').length));
    if (parsed !== null) return await command.run(parsed);
    process.stdout.write(helpOf(command.plan));
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${helpOf(command.plan)}`);
      return 2;
    }
    const isOurs = error instanceof CliError || (error as Error).name === 'ConfigError';
    process.stderr.write(`${isOurs ? (error as Error).message : (error as Error).stack}\n`);
    return 1;
  }
}

function startsWithWords(args: readonly string[], name: string): boolean {
  return name.split(' ').every((word, i) => args[i] === word);
}

function unknownCommand(args: readonly string[]): number {
  const isHelp =
    args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help';
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands
    .map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`)
    .join('\n');
  const help = `usage: pnpm cli COMMAND [--help]\n\n${list}\n`;
  if (isHelp) process.stdout.write(help);
  else process.stderr.write(`there is no command "${args.slice(0, 2).join(' ')}"\n\n${help}`);
  return isHelp ? 0 : 2;
}
