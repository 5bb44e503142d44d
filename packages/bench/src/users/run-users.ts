import fs from 'node:fs';
import path from 'node:path';
import { parseCommand, UsageError, type CommandPlan } from '@arbor/local-stack/parse-command';
import type { CatalogList } from '../arbor/load-arbor.ts';
import { runProgram } from '../child-process.ts';
import { benchFolder, readState } from '../data-folder.ts';
import type { LibraryFiles } from '../library/library-engine.ts';
import { catalogListName } from '../steps/load.ts';
import { httpUsers } from './http-users.ts';
import type { UsersFigure } from './measure-users.ts';

const plan: CommandPlan = {
  usage: 'pnpm bench users [options]',
  about: `Lists of users and feeds of single users over the data that an earlier \`pnpm bench\` loaded: first after a start, warm,
and right after an event came in. Asks the engine as a library, which only reads the data; with --http a stack of its own,
which writes into its folder.`,
  positionals: true,
  options: {
    events: { type: 'string', value: 'N', about: 'size of the shop (1000000)' },
    data: { type: 'string', value: 'DIR', about: 'where it is kept (.arbor-bench)' },
    threads: { type: 'string', value: 'N', about: 'that scan (2)' },
    cache: { type: 'string', value: 'MB', about: 'of decoded columns (2048)' },
    http: { type: 'boolean', about: 'ask a stack over HTTP' },
    'from-source': { type: 'boolean', about: 'run the sources, not a production build' },
  },
};

/** Prints a table of times. */
export async function runUsers(): Promise<void> {
  const { values } = parseCommand(plan);
  const whole = (name: string, fallback: number): number => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (Number.isInteger(value) && value > 0) return value;
    throw new UsageError(`--${name} "${String(values[name])}": must be a whole number from 1 on`);
  };
  const data = typeof values.data === 'string' ? values.data : undefined;
  const folder = benchFolder({ data, events: whole('events', 1_000_000), seed: 42 });
  const files = readState<CatalogList>(folder, catalogListName);
  const objects = path.join(folder.stack, 'objects');
  if (files === undefined || !fs.existsSync(objects)) {
    throw new UsageError(
      `${folder.root} has no loaded data: run pnpm bench --steps gen,load first`,
    );
  }
  const [threads, cacheMb] = [whole('threads', 2), whole('cache', 2048)];
  const figures =
    values.http === true
      ? await httpUsers({
          dataDir: folder.stack,
          threads,
          cacheMb,
          stored: true,
          fromSource: values['from-source'] === true,
        })
      : await runProgram<UsersFigure[]>('users/library-users-process.ts', {
          objects,
          files,
          threads,
          cacheMb,
        } satisfies LibraryFiles);
  process.stdout.write(`${tableOf(figures).join('\n')}\n`);
}

function tableOf(figures: readonly UsersFigure[]): string[] {
  const lines = figures.map(({ what, times, medianMs, maxMs, cpuMs }) => {
    const cells = [times, medianMs.toFixed(1), maxMs.toFixed(1), cpuMs.toFixed(1)];
    return `| ${what} | ${cells.join(' | ')} |`;
  });
  return [
    '| what | times | median ms | max ms | CPU ms |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...lines,
  ];
}
