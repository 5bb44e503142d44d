// Runs jobs of `mixpanel-import` as a script would, one after the other: [[credentials, data, options], …] as its
// argument, their summaries as JSON. One process for several, because the client takes seconds to load.
import { createRequire } from 'node:module';

type Job = readonly [credentials: object, data: unknown, options: object];
type Run = (...job: Job) => Promise<object>;

const run = createRequire(import.meta.url)('mixpanel-import') as Run;
const summaries: object[] = [];
for (const job of JSON.parse(process.argv[2] ?? '') as Job[]) summaries.push(await run(...job));
// Its pools of connections would keep the process alive.
process.stdout.write(`\n${JSON.stringify(summaries)}\n`, () => process.exit(0));
