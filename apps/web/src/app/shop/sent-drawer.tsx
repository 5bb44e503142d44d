'use client';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { describeCall } from './analytics.ts';
import styles from './drawer.module.css';
import type { MadeCall } from './use-analytics.ts';

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** What the page told Arbor, so that nobody has to open the developer tools to see it. */
export function SentDrawer(props: {
  readonly made: readonly MadeCall[];
  readonly liveHref: string;
}): ReactNode {
  const { made, liveHref } = props;
  const [open, setOpen] = useState(false);
  const latest = made[0];
  return (
    <aside className={styles['drawer']} aria-label="What this page sent" data-testid="shop-sent">
      <div className={styles['drawerBar']}>
        <button
          type="button"
          className={styles['drawerToggle']}
          aria-expanded={open}
          aria-controls="shop-sent-list"
          onClick={() => setOpen(!open)}
        >
          <span className={styles['pulse']} key={latest?.id ?? 0} />
          <span className={styles['drawerTitle']}>Sent to Arbor</span>
          <span className={styles['drawerLatest']} aria-live="polite">
            {latest === undefined ? 'nothing yet' : titleOf(latest)}
          </span>
          <span aria-hidden="true">{open ? '▾' : '▴'}</span>
        </button>
        <a href={liveHref} target="_blank" rel="noreferrer" className={styles['liveLink']}>
          Watch Live
        </a>
      </div>
      {open && (
        <ol id="shop-sent-list" className={styles['drawerList']}>
          {made.map((one) => {
            const { method, subject, details } = describeCall(one.call);
            return (
              <li key={one.id}>
                <time>{clock.format(one.at)}</time>
                <code>{method}</code>
                <strong>{subject}</strong>
                <span>{details}</span>
              </li>
            );
          })}
        </ol>
      )}
    </aside>
  );
}

function titleOf({ call }: MadeCall): string {
  const { method, subject, details } = describeCall(call);
  return `${method} ${subject || details}`;
}
