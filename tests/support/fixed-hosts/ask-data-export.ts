// Calls `mixpanel-data-export` as a script would: [{ "method", "parameters" }, …] as its argument, the answers as JSON.
import { createRequire } from 'node:module';

interface Call {
  readonly method: string;
  readonly parameters: object;
}
type Client = Record<string, (parameters: object) => PromiseLike<unknown>>;

const Export = createRequire(import.meta.url)('mixpanel-data-export') as new (credentials: {
  api_key: string;
  api_secret: string;
}) => Client;

const { secret, calls } = JSON.parse(process.argv[2] ?? '') as { secret: string; calls: Call[] };
const client = new Export({ api_key: 'not-needed', api_secret: secret });
const answers: unknown[] = [];
for (const { method, parameters } of calls) answers.push(await client[method]?.(parameters));
process.stdout.write(`\n${JSON.stringify(answers)}\n`);
