import { ArborStack } from '../arbor/arbor-stack.ts';
import { readState, writeState, type BenchFolder } from '../data-folder.ts';
import { arborRound } from '../measure/arbor-round.ts';
import { figuresOf, type EngineFigures, type Round } from '../measure/engine-times.ts';
import { libraryRound } from '../measure/library-round.ts';
import { fastestForm, peerRound, type PeerPlace } from '../measure/peer-round.ts';
import type { BenchOptions } from '../options.ts';
import type { PeerName } from '../peers/install.ts';
import { filteredQuestion, plainQuestion, querySet, type Question } from '../queries/query-set.ts';
import { difference } from '../queries/same-answers.ts';

/** `library`: Arbor's engine alone, in a process of its own, without the servers around it. */
export const engineNames = ['arbor', 'library', 'clickhouse', 'duckdb'] as const;
export type EngineName = (typeof engineNames)[number];

export interface QuestionResult {
  readonly name: string;
  readonly title: string;
  readonly rowCount: number;
  /** Engines whose answer differs from Arbor's or that gave none, with what was wrong: no figures then. */
  readonly problems: Partial<Record<EngineName, string>>;
  readonly figures: Partial<Record<EngineName, EngineFigures>>;
  /** Which of its forms each peer was asked in. */
  readonly forms: Partial<Record<PeerName, number>>;
}

export interface QueryState {
  readonly events: number;
  readonly results: Readonly<Record<string, QuestionResult>>;
}

/** Name of the step's state: answers from rows and from what is stored are never mixed up. */
export const queryStateName = (stored: boolean): string => (stored ? 'query-stored' : 'query');

/** Asks every engine every question, in alternation, and keeps each result as soon as it is there. */
export async function measureQuestions(
  folder: BenchFolder,
  options: BenchOptions,
  say: (text: string) => void,
): Promise<void> {
  const name = queryStateName(options.stored);
  await ArborStack.with({ dataDir: folder.stack, ...options }, async (stack) => {
    await stack.waitUntilServing();
    for (const question of questionsOf(options)) {
      const result = await measureQuestion(question, { folder, options, stack });
      const earlier = readState<QueryState>(folder, name)?.results;
      const state: QueryState = {
        events: options.events,
        results: { ...earlier, [question.name]: result },
      };
      writeState(folder, name, state);
      say(summary(result));
    }
  });
}

export function questionsOf(options: BenchOptions): Question[] {
  const wanted = querySet.filter(({ name }) => options.queries.includes(name));
  return wanted.flatMap((query) =>
    options.filtered ? [plainQuestion(query), filteredQuestion(query)] : [plainQuestion(query)],
  );
}

interface Setting {
  readonly folder: BenchFolder;
  readonly options: BenchOptions;
  readonly stack: ArborStack;
}

async function measureQuestion(question: Question, setting: Setting): Promise<QuestionResult> {
  const { options } = setting;
  const rounds: Partial<Record<EngineName, Round[]>> = {};
  const problems: Partial<Record<EngineName, string>> = {};
  const forms = await chooseForms(question, setting, problems);
  const roundCount = options.runs > 1 ? 2 : 1;
  const runs = Math.ceil(options.runs / roundCount);
  for (let round = 0; round < roundCount; round++) {
    for (const engine of enginesOf(options)) {
      if (problems[engine] !== undefined) continue;
      const wanted = { cold: options.cold && round === 0, runs };
      try {
        const done = await roundOf(engine, question, { ...setting, wanted, forms });
        (rounds[engine] ??= []).push(done);
      } catch (error) {
        problems[engine] = error instanceof Error ? error.message : String(error);
      }
    }
  }
  const answers = engineNames.flatMap((engine) =>
    (rounds[engine] ?? []).map(({ rows }) => ({ engine, rows })),
  );
  const [reference] = answers;
  for (const { engine, rows } of answers) {
    const what = difference(reference.rows, rows, question.query.ordered === true);
    if (what !== null) problems[engine] ??= `differs from ${reference.engine}: ${what}`;
  }
  return {
    name: question.name,
    title: question.query.title + (question.filters.length > 0 ? ', one more filter' : ''),
    rowCount: reference?.rows.length ?? 0,
    problems,
    figures: Object.keys(problems).length > 0 ? {} : allFigures(rounds),
    forms,
  };
}

const enginesOf = ({ library, peers }: BenchOptions): EngineName[] => [
  'arbor',
  ...(library ? (['library'] as const) : []),
  ...peers,
];

async function chooseForms(
  question: Question,
  setting: Setting,
  problems: Partial<Record<EngineName, string>>,
): Promise<Partial<Record<PeerName, number>>> {
  const forms: Partial<Record<PeerName, number>> = {};
  for (const peer of setting.options.peers) {
    try {
      forms[peer] = await fastestForm(placeOf(peer, setting), question[peer]);
    } catch (error) {
      problems[peer] = error instanceof Error ? error.message : String(error);
    }
  }
  return forms;
}

function roundOf(
  engine: EngineName,
  question: Question,
  setting: Setting & {
    wanted: { cold: boolean; runs: number };
    forms: Partial<Record<PeerName, number>>;
  },
): Promise<Round> {
  const { stack, folder, options, wanted, forms } = setting;
  if (engine === 'arbor') {
    return arborRound(stack, question, { ...wanted, dataDir: folder.stack });
  }
  if (engine === 'library') {
    return libraryRound(question.name, folder, { ...options, ...wanted });
  }
  const sql = question[engine][forms[engine] ?? 0];
  return peerRound(placeOf(engine, setting), sql, wanted);
}

function placeOf(peer: PeerName, { folder, options }: Setting): PeerPlace {
  const { threads, memoryGb } = options;
  return { peer, directory: folder[peer], threads, memoryGb };
}

function allFigures(
  rounds: Partial<Record<EngineName, readonly Round[]>>,
): Partial<Record<EngineName, EngineFigures>> {
  const figures: Partial<Record<EngineName, EngineFigures>> = {};
  for (const engine of engineNames) {
    const own = rounds[engine];
    if (own !== undefined) figures[engine] = figuresOf(own);
  }
  return figures;
}

function summary({ name, problems, figures }: QuestionResult): string {
  const wrong = Object.entries(problems).map(([engine, text]) => `${engine}: ${text}`);
  if (wrong.length > 0) return `${name}  NO FIGURES  ${wrong.join('; ')}`;
  const times = Object.entries(figures).map(([engine, { warmMs, coldMs }]) => {
    const cold = coldMs === null ? '' : ` (cold ${coldMs.toFixed(0)})`;
    return `${engine} ${warmMs.toFixed(1)} ms${cold}`;
  });
  return `${name}  ${times.join('   ')}`;
}
