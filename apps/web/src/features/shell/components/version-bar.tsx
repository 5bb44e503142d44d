'use client';

import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import type { ReactNode } from 'react';
import { Button } from '#components/button.tsx';

/** A new version is put up now and then; nobody waits for it. */
const checkMs = 60_000;
const answerSchema = z.object({ build: z.string() });

/** Says that the server has another version by now; the page is never loaded anew by itself (UX-S10). */
export function VersionBar({ build }: { readonly build: string }): ReactNode {
  const { data } = useQuery({
    queryKey: ['build'],
    queryFn: async ({ signal }) => {
      const answer = await fetch('/healthz', { signal, cache: 'no-store' });
      return answerSchema.parse(await answer.json()).build;
    },
    refetchInterval: checkMs,
    refetchOnWindowFocus: true,
    retry: false,
  });
  const isOther = data !== undefined && data !== build;
  return (
    <output>
      {isOther ? (
        <span
          data-testid="new-version"
          className="flex items-center justify-center gap-3 bg-accent-soft px-4 py-1.5 font-medium text-accent"
        >
          There is a new version
          <Button size="sm" onClick={() => window.location.reload()}>
            Reload
          </Button>
        </span>
      ) : null}
    </output>
  );
}
