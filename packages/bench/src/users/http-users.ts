import type { QueryInput } from '@arbor/schema/query';
import { activitySchema, usersResultSchema } from '@arbor/schema/users-result';
import { ArborStack, type StackOptions } from '../arbor/arbor-stack.ts';
import { cpuMsOf } from '../measure/process-usage.ts';
import { measureUsers, type AskedUsers, type UsersFigure } from './measure-users.ts';

const seenEveryMs = 20;
const dayMs = 86_400_000;
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The figures of a stack, asked as a script would. The processor time is the storage process's. */
export function httpUsers(options: StackOptions): Promise<UsersFigure[]> {
  return ArborStack.with(options, async (stack) => {
    await stack.waitUntilServing();
    return measureUsers(askedUsers(stack));
  });
}

function askedUsers(stack: ArborStack): AskedUsers {
  let sent = 0;
  return {
    cpuMs: () => cpuMsOf(stack.storagePid),
    list: async (users) => usersResultSchema.parse(await stack.post('users/list', users)),
    feed: async (user, cursor) => {
      const path = `users/${encodeURIComponent(user)}/activity`;
      const page = activitySchema.parse(await stack.post(path, { limit: 100, cursor }));
      return { events: page.events.length, next: page.next };
    },
    report: async (query) => void (await stack.ask(query)),
    send: async (user) => {
      const event = `Users bench ${Date.now()} ${++sent}`;
      await stack.track(event, user);
      while ((await totalOf(stack, event)) === 0) {
        await new Promise((resolve) => setTimeout(resolve, seenEveryMs));
      }
    },
  };
}

async function totalOf(stack: ArborStack, event: string): Promise<number> {
  const now = Date.now();
  const query: QueryInput = {
    type: 'insights',
    range: { from: dateOf(now - dayMs), to: dateOf(now) },
    unit: 'day',
    metrics: [{ selector: { anyOf: [{ event }] }, measure: { type: 'total' } }],
  };
  const { result } = (await stack.ask(query)).answer;
  return result.type === 'insights' ? (result.series[0]?.total ?? 0) : 0;
}
