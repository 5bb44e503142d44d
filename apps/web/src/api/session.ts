import { cookies, headers } from 'next/headers';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from './app-router.ts';
import { webConfig } from './config.ts';
import type { Session, SetupStatus } from './trpc.ts';

/** A page must not wait for an API that hangs; the browser tries again by itself. */
const timeoutMs = 5000;

export type SessionAnswer =
  { readonly type: 'session'; readonly session: Session } | { readonly type: 'unreachable' };

/** On the server: who asks, by the cookies of the request. */
export async function readSession(): Promise<SessionAnswer> {
  try {
    const session = await (await serverClient()).session.me.query();
    return { type: 'session', session };
  } catch {
    return { type: 'unreachable' };
  }
}

export async function readSetupStatus(): Promise<SetupStatus | null> {
  try {
    return await (await serverClient()).setup.status.query();
  } catch {
    return null;
  }
}

/** The project the person looked at last, if they may still see it. */
export async function lastProject(session: Session): Promise<number | null> {
  const remembered = Number((await cookies()).get('arbor-project')?.value);
  const project =
    session.projects.find((candidate) => candidate.id === remembered) ?? session.projects[0];
  return project?.id ?? null;
}

async function serverClient(): Promise<ReturnType<typeof createTRPCClient<AppRouter>>> {
  const incoming = await headers();
  const forwarded: Record<string, string> = {};
  for (const name of ['cookie', 'user-agent', 'x-forwarded-for']) {
    const value = incoming.get(name);
    if (value !== null) forwarded[name] = value;
  }
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${webConfig().apiUrl}/trpc`,
        transformer: superjson,
        headers: forwarded,
        fetch: (input, init) =>
          fetch(input, { ...init, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) }),
      }),
    ],
  });
}
