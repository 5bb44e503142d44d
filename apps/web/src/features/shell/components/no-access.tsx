import { Lock } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { StateMessage } from '#components/state-message.tsx';

const linkLook =
  'inline-flex h-8 items-center rounded-md border border-line-strong/70 bg-surface px-3 font-medium shadow-card hover:bg-hover';

/** The same whether the page does not exist or is not theirs (UX-S6). */
export function NoAccess({ signedIn = true }: { readonly signedIn?: boolean }): ReactNode {
  return (
    <main className="grid min-h-full place-items-center">
      <StateMessage
        wholePage
        testId="no-access"
        icon={<Lock size={20} />}
        title="You do not have access to this page"
        actions={
          <>
            <Link href="/" className={linkLook}>
              Go to your projects
            </Link>
            {signedIn ? null : (
              <Link href="/signin" className={linkLook}>
                Sign in
              </Link>
            )}
          </>
        }
      >
        Ask an owner or admin of the organisation.
      </StateMessage>
    </main>
  );
}
