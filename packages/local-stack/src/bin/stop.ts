import { parseCommand } from '../parse-command.ts';
import { readSettings } from '../settings.ts';
import { stopStack } from '../stop-stack.ts';

parseCommand({
  usage: 'pnpm stop',
  about: `Stops the stack of this data folder (ARBOR_DATA_DIR, default .arbor), also one that a killed
terminal left behind. Its data stays.`,
  options: {},
});

process.stdout.write(`${await stopStack(readSettings().dataDirectory)}\n`);
