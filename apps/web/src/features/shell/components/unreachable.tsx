'use client';

import { PlugZap } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { StateMessage } from '#components/state-message.tsx';

const retryMs = 2000;

/** Shown instead of a page while the API cannot be asked who this is; goes away by itself. */
export function Unreachable(): ReactNode {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), retryMs);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <main className="grid min-h-full place-items-center">
      <StateMessage
        wholePage
        testId="unreachable"
        icon={<PlugZap size={20} />}
        title="Connection lost, retrying"
      >
        The API of this installation does not answer. This page continues as soon as it does.
      </StateMessage>
    </main>
  );
}
