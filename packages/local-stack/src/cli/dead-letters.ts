import { closeConnection, createProducerConnection, whenReady } from '@arbor/queue/connection';
import {
  createDeadLetters,
  type DeadLetter,
  type DeadLetterStore,
} from '@arbor/queue/dead-letters';
import type { ParsedCommand } from '../parse-command.ts';
import { CliError, print, type CliCommand } from './command.ts';
import { requireRunningStack } from './running-stack.ts';
import { formatTable } from './table.ts';

const pageSize = 200;

const listCommand: CliCommand = {
  name: 'dead-letters list',
  summary: 'jobs that could never succeed, oldest first',
  plan: {
    usage: 'pnpm cli dead-letters list',
    about: 'Lists the jobs that were put aside because they could never succeed, with the reason.',
    options: {},
  },
  run: () =>
    withDeadLetters(async (letters) => {
      const all = await listAll(letters);
      if (all.length === 0) print('there are no dead letters');
      else print(formatList(all));
      return 0;
    }),
};

const showCommand: CliCommand = {
  name: 'dead-letters show',
  summary: 'one of them, whole',
  plan: {
    usage: 'pnpm cli dead-letters show ID',
    about: 'Prints one dead letter as JSON, with the data of its job as it was found.',
    options: {},
    positionals: true,
  },
  run: (parsed) =>
    withDeadLetters(async (letters) => {
      const id = requiredId(parsed);
      const letter = await letters.show(id);
      if (letter === null) throw new CliError(`there is no dead letter "${id}"`);
      print(JSON.stringify(letter, null, 2));
      return 0;
    }),
};

const replayCommand: CliCommand = {
  name: 'dead-letters replay',
  summary: 'put one of them, or all, back on its queue',
  plan: {
    usage: 'pnpm cli dead-letters replay (ID | --all)',
    about: `Puts a dead letter back on the queue it came from, once its cause is mended. What was stored of
it before is not stored twice.`,
    options: { all: { type: 'boolean', about: 'all of them' } },
    positionals: true,
  },
  run: (parsed) =>
    withDeadLetters(async (letters) => {
      const isAll = parsed.values.all === true;
      const ids = isAll ? (await listAll(letters)).map(({ id }) => id) : [requiredId(parsed)];
      for (const id of ids) {
        if (!(await letters.replay(id)) && !isAll) {
          throw new CliError(`there is no dead letter "${id}"`);
        }
        print(`replayed ${id}`);
      }
      return 0;
    }),
};

export const deadLetterCommands: readonly CliCommand[] = [listCommand, showCommand, replayCommand];

async function withDeadLetters(
  work: (letters: DeadLetterStore) => Promise<number>,
): Promise<number> {
  const redis = createProducerConnection(requireRunningStack().redis.url, () => {});
  const letters = createDeadLetters(redis, () => {});
  try {
    await whenReady(redis);
    return await work(letters);
  } finally {
    await letters.close();
    closeConnection(redis);
  }
}

async function listAll(letters: DeadLetterStore): Promise<DeadLetter[]> {
  const all: DeadLetter[] = [];
  for (;;) {
    const page = await letters.list({ offset: all.length, count: pageSize });
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}

function formatList(letters: readonly DeadLetter[]): string {
  return formatTable([
    ['id', 'queue', 'since', 'reason'],
    ...letters.map(({ id, queue, at, reason }) => [id, queue, new Date(at).toISOString(), reason]),
  ]);
}

function requiredId({ positionals }: ParsedCommand): string {
  const [id] = positionals;
  if (id === undefined) throw new CliError('name a dead letter; "dead-letters list" shows them');
  return id;
}
