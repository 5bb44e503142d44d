import { benchFolder } from './data-folder.ts';
import { readOptions } from './options.ts';
import { installPeers } from './peers/install.ts';
import { profileQuestion } from './profile/profile-question.ts';
import { generate } from './steps/generate.ts';
import { load } from './steps/load.ts';
import { measureQuestions } from './steps/query.ts';
import { measureOptions } from './steps/options.ts';
import { report } from './steps/report.ts';

/** Runs the steps that the command line asks for. */
const options = readOptions();
const folder = benchFolder(options);
const started = Date.now();
const say = (text: string): void => {
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(5);
  process.stderr.write(`${seconds} s  ${text}\n`);
};
const has = (step: (typeof options.steps)[number]): boolean => options.steps.includes(step);

if (has('load') || has('query')) installPeers(options.peers, say);
if (has('gen') || has('load')) {
  const world = await generate(folder, options, say);
  if (has('load')) await load(folder, world, options, say);
}
if (options.profile !== undefined) {
  await profileQuestion(folder, { ...options, question: options.profile }, say);
} else {
  if (has('query')) await measureQuestions(folder, options, say);
  if (has('options')) await measureOptions(folder, options, say);
  if (has('report')) report(folder, options, (text) => process.stdout.write(`${text}\n`));
}
