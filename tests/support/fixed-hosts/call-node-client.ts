// Calls `mixpanel`, the Node client, one call after the other: { "token", "secret" or "account", "calls": [["people.set",
// …], …] } as its argument; prints null when all were answered with success.
import Mixpanel from 'mixpanel';

interface Argument {
  readonly token: string;
  readonly secret?: string;
  readonly account?: readonly [username: string, secret: string, projectId: string];
  readonly calls: readonly (readonly [method: string, ...args: unknown[]])[];
}
type Method = (...args: unknown[]) => void;

const { token, secret, account, calls } = JSON.parse(process.argv[2] ?? '') as Argument;
const client = Mixpanel.init(token, {
  ...(secret !== undefined && { secret }),
  ...(account && { credentials: new Mixpanel.ServiceAccountCredentials(...account) }),
});
for (const [name, ...args] of calls) {
  const [group, method] = name.includes('.') ? name.split('.') : [null, name];
  const owner = (group === null ? client : client[group as 'people']) as unknown as object;
  await new Promise<void>((resolve, reject) => {
    const done = (failure?: Error | readonly Error[]): void => {
      const [error] = failure instanceof Error ? [failure] : (failure ?? []);
      if (error) reject(error);
      else resolve();
    };
    const call = (owner as Record<string, Method>)[method ?? ''];
    if (call === undefined) throw new Error(`the client has no ${name}`);
    call.call(owner, ...args, done);
  });
}
process.stdout.write('\nnull\n', () => process.exit(0));
