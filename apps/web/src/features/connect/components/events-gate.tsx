'use client';

import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { useEventNames } from '#report/names.ts';

/** A project without any event has nothing to report on: it is sent to Connect, its empty state. */
export function EventsGate({ children }: { readonly children: ReactNode }): ReactNode {
  const { id, isDemo } = useProject();
  const { names } = useEventNames();
  const router = useRouter();
  // The demo fills itself in the first minute; its reports are simply empty until then.
  const empty = names?.length === 0 && !isDemo;
  useEffect(() => {
    if (empty) router.replace(`/p/${id}/connect`);
  }, [empty, id, router]);
  return empty ? null : children;
}
