import { parseCommand } from '../parse-command.ts';
import { generateSources } from '../prepare.ts';
import { runStack } from '../run-stack.ts';

parseCommand({
  usage: 'pnpm dev',
  about: `Starts the whole local stack with live reload and prints one line when everything answers.
Ctrl-C ends all of it. State is kept in ARBOR_DATA_DIR (default .arbor).`,
  options: {},
});

await runStack('dev', generateSources);
