'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState, type ReactNode } from 'react';
import { ConfirmDialog } from '#components/confirm-dialog.tsx';
import { guardLeaving } from '#components/leaving.ts';

/** Asks before changes of a saved report are lost: by a link, a key, a reload or the closing of the tab (UX-R8). */
export function LeaveQuestion(): ReactNode {
  const router = useRouter();
  const [leaving, setLeaving] = useState<{ readonly go: () => void } | null>(null);
  useEffect(() => guardLeaving((go) => setLeaving({ go })), []);
  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    const onClick = (event: MouseEvent): void => {
      const href = leavingLink(event);
      if (href === null) return;
      event.preventDefault();
      event.stopPropagation();
      setLeaving({ go: () => router.push(href) });
    };
    window.addEventListener('beforeunload', onUnload);
    // Before the link itself hears of it.
    document.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
    };
  }, [router]);
  if (leaving === null) return null;
  return (
    <ConfirmDialog
      title="Leave without saving?"
      confirm="Leave"
      testId="leave-confirm"
      pending={false}
      error={null}
      onConfirm={() => {
        setLeaving(null);
        leaving.go();
      }}
      onClose={() => setLeaving(null)}
    >
      <p className="text-ink-2">The changes of this report are not saved. Leaving loses them.</p>
    </ConfirmDialog>
  );
}

/** Where a plain click on a link of this dashboard leads, when that is another page than this one. */
function leavingLink(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return null;
  }
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank' || link.download !== '') {
    return null;
  }
  const url = new URL(link.href);
  const { origin, pathname } = window.location;
  return url.origin !== origin || url.pathname === pathname ? null : url.pathname + url.search;
}
