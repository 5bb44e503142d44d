'use client';

import { WifiOff } from 'lucide-react';
import { useSyncExternalStore, type ReactNode } from 'react';
import { connection } from '#api/connection.ts';

/** The view below stays readable; what failed is repeated when the API answers again (UX-S9). */
export function ConnectionBar(): ReactNode {
  const lost = useSyncExternalStore(connection.subscribe, connection.isLost, () => false);
  return (
    <output>
      {lost ? (
        <p
          data-testid="connection-lost"
          className="flex items-center justify-center gap-2 bg-warning-soft px-4 py-1.5 font-medium text-warning"
        >
          <WifiOff size={14} aria-hidden /> Connection lost, retrying
        </p>
      ) : null}
    </output>
  );
}
