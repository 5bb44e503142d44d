import { parseCommand } from '../parse-command.ts';
import { buildApps, generateSources } from '../prepare.ts';
import { runStack } from '../run-stack.ts';

const { values } = parseCommand({
  usage: 'pnpm start [--no-build | --from-source]',
  about: `Starts the whole local stack from a production build, and builds first what is out of date.
Ctrl-C ends all of it. State is kept in ARBOR_DATA_DIR (default .arbor).`,
  options: {
    'no-build': { type: 'boolean', about: 'take the build that is there' },
    'from-source': { type: 'boolean', about: 'run the sources as they are, without a build' },
  },
});

const mode = values['from-source'] === true ? 'source' : 'build';

await runStack(mode, async (settings, terminal) => {
  if (mode === 'source') await generateSources();
  else if (values['no-build'] !== true) await buildApps(terminal, settings);
});
