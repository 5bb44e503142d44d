import fs from 'node:fs';
import path from 'node:path';
import { repository } from '@arbor/local-stack/repository';
import { readState, sizeLabel, writeState, type BenchFolder } from '../data-folder.ts';
import type { BenchOptions } from '../options.ts';
import { querySet } from '../queries/query-set.ts';
import { hasSection, replaceSection } from '../report/document.ts';
import { describeMachine } from '../report/machine.ts';
import { columnTable, loadTable, memoryTable, timeTable } from '../report/tables.ts';
import { loadStateName, type LoadState } from './load.ts';
import { optionSection } from './options.ts';
import {
  engineNames,
  queryStateName,
  type EngineName,
  type QueryState,
  type QuestionResult,
} from './query.ts';

const document = path.join(repository.root, 'docs/performance.md');

/** Prints the tables of what the earlier steps measured, and keeps all figures as JSON beside them. */
export function report(
  folder: BenchFolder,
  options: BenchOptions,
  print: (text: string) => void,
): void {
  const state = readState<QueryState>(folder, queryStateName(options.stored));
  const results = inOrder(state?.results ?? {});
  const loads: Partial<Record<EngineName, LoadState>> = {};
  for (const engine of engineNames) {
    const load = readState<LoadState>(folder, loadStateName(engine));
    if (load !== undefined) loads[engine] = load;
  }
  const machine = describeMachine(options.peers, options.threads);
  const data = `${sizeLabel(options.events)}${options.insertIds ? ' with $insert_id' : ''}`;
  const sections: Record<string, string> = {};
  if (results.length > 0) {
    const times = `${machine}.\n\n${timeTable(results, options)}`;
    sections[`${data} times${options.stored ? ' stored' : ''}`] = times;
    sections[`${data} memory`] = memoryTable(results);
  }
  sections[`${data} bytes`] = `${loadTable(loads)}\n\n${columnTable(loads)}`;
  const costs = optionSection(folder, options);
  if (costs !== null) sections[costs.name] = costs.text;
  for (const [name, text] of Object.entries(sections)) print(`\n${name}\n\n${text}\n`);
  writeState(folder, options.stored ? 'report-stored' : 'report', { machine, loads, results });
  print(`\nall figures: ${folder.stateFile(options.stored ? 'report-stored' : 'report')}`);
  if (options.docs) writeDocument(sections, print);
}

/** In the order of the set, each filtered question behind its plain one. */
function inOrder(results: Readonly<Record<string, QuestionResult>>): QuestionResult[] {
  return querySet.flatMap(({ name }) => [results[name] ?? [], results[`${name}f`] ?? []].flat());
}

function writeDocument(
  sections: Readonly<Record<string, string>>,
  print: (text: string) => void,
): void {
  let text = fs.readFileSync(document, 'utf8');
  const known = Object.entries(sections).filter(([name]) => hasSection(text, name));
  for (const [name, section] of known) text = replaceSection(text, name, section);
  fs.writeFileSync(document, text);
  print(`docs/performance.md: wrote ${known.map(([name]) => name).join(', ') || 'nothing'}`);
}
