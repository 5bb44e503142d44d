import path from 'node:path';
import { buildApps, generateSources } from '../prepare.ts';
import { startTestStack, type TestStack } from '../testing/test-stack.ts';
import { Terminal } from '../terminal.ts';
import { readPlaywrightReport, readVitestReport, type PartResult } from './reports.ts';
import { runTool } from './tool-run.ts';

export type Part = {
  readonly name: string;
  /** Parts without which this one would only repeat their failure. */
  readonly needs?: readonly string[];
  run(context: {
    reports: string;
    onStack: (stack: TestStack | null) => void;
  }): Promise<PartResult>;
};

/** Tests of whole stacks that say how soon something is so: they get the machine for themselves. */
const timed = ['tests/stack/fairness.test.ts'];

/** The parts of the test command in their order: what is quick and says most comes first. */
export const parts: readonly Part[] = [
  check('types', 'tsx', ['scripts/check-types.ts']),
  check('lint', 'oxlint', ['--type-aware', '--deny-warnings']),
  check('format', 'prettier', ['--check', '--log-level', 'warn', '.']),
  check('imports', 'tsx', ['scripts/check-imports.ts']),
  check('licences', 'tsx', ['scripts/check-licences.ts']),
  vitest('unit'),
  vitest('services'),
  { name: 'build', run: build },
  vitest('stack', { needs: ['build'], args: timed.map((file) => `--exclude=${file}`) }),
  vitest('stack', { name: 'timed', needs: ['build'], args: timed }),
  { name: 'browser', needs: ['build'], run: browser },
];

function check(name: string, tool: string, args: readonly string[]): Part {
  return {
    name,
    run: async () => {
      if (name === 'types') await generateSources();
      return verdict(await runTool(tool, args));
    },
  };
}

/** A part that is right or wrong as a whole counts as one. */
function verdict({ ok, output }: { ok: boolean; output: string }): PartResult {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output };
}

/** The tests of a project of vitest, or those that its arguments choose. */
function vitest(
  project: string,
  {
    name = project,
    needs = [],
    args = [],
  }: { readonly name?: string; readonly needs?: string[]; readonly args?: readonly string[] } = {},
): Part {
  return {
    name,
    needs,
    run: async ({ reports }) => {
      const file = path.join(reports, `${name}.json`);
      const reporters = ['--reporter=dot', '--reporter=json', `--outputFile=${file}`];
      const run = await runTool('vitest', ['run', '--project', project, ...reporters, ...args]);
      return readVitestReport(file, run);
    },
  };
}

async function build(): Promise<PartResult> {
  try {
    await buildApps(new Terminal(), { web: true });
    return verdict({ ok: true, output: '' });
  } catch (error) {
    return verdict({ ok: false, output: String(error) });
  }
}

/** The dashboard of a production build over a stack of its own, seen by a real browser. */
async function browser({ reports, onStack }: Parameters<Part['run']>[0]): Promise<PartResult> {
  const env = { ARBOR_ERASURE_DELAY_SECONDS: '3', ARBOR_ERASED_FILES_SECONDS: '2' };
  const stack = await startTestStack({ web: true, demo: true, programs: 'build', env });
  onStack(stack);
  try {
    const file = path.join(reports, 'browser.json');
    const run = await runTool('playwright', ['test', '--reporter=list,json'], {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      ARBOR_WEB_URL: stack.webUrl,
      ARBOR_API_URL: stack.apiUrl,
      ARBOR_DATA_DIR: stack.dataDir,
    });
    return readPlaywrightReport(file, run);
  } finally {
    await stack.stop();
    onStack(null);
  }
}
