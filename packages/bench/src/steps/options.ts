import { ArborStack } from '../arbor/arbor-stack.ts';
import { readState, sizeLabel, writeState, type BenchFolder } from '../data-folder.ts';
import { median } from '../measure/median.ts';
import { warmUp } from '../measure/warm-up.ts';
import type { BenchOptions } from '../options.ts';
import { optionSet, type OptionQuery } from '../queries/option-set.ts';
import { formatMs, formatRatio, markdownTable } from '../report/format-cells.ts';

/** Warm medians, ms, by name of the question. */
type OptionState = Readonly<Record<string, number>>;

const stateName = 'options';

/** Asks Arbor each option of funnels and retentions beside the question without it, and prints what it costs. */
export async function measureOptions(
  folder: BenchFolder,
  options: BenchOptions,
  say: (text: string) => void,
): Promise<void> {
  await ArborStack.with({ dataDir: folder.stack, ...options }, async (stack) => {
    await stack.waitUntilServing();
    for (const option of optionSet) {
      const ms = await timeOf(option, stack, options.runs);
      const state = { ...readState<OptionState>(folder, stateName), [option.name]: ms };
      writeState(folder, stateName, state);
      say(`${option.name}  ${formatMs(ms)}`);
    }
  });
}

async function timeOf({ query }: OptionQuery, stack: ArborStack, runs: number): Promise<number> {
  const times: number[] = [];
  await warmUp(() => stack.ask(query));
  for (let run = 0; run < runs; run++) times.push((await stack.ask(query)).ms);
  return median(times);
}

/** The table of what was measured, under the name of its section in the document; null before that. */
export function optionSection(
  folder: BenchFolder,
  { events, insertIds }: BenchOptions,
): { readonly name: string; readonly text: string } | null {
  const state = readState<OptionState>(folder, stateName);
  if (state === undefined) return null;
  const rows = optionSet.flatMap(({ name, beside }) => {
    const ms = state[name];
    if (ms === undefined) return [];
    return [[name, formatMs(ms), beside === name ? '' : formatRatio(ms / state[beside])]];
  });
  const head = ['question', 'Arbor', 'of the plain one'];
  const data = `${sizeLabel(events)}${insertIds ? ' with $insert_id' : ''}`;
  return { name: `${data} options`, text: markdownTable([head, ...rows], 1) };
}
