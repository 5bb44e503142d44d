import type { ReactNode } from 'react';
import { CopyButton } from '#components/copy-button.tsx';
import { classNames } from '#components/class-names.ts';
import type { Attempt } from '../api.ts';

/** Headers that say something to whoever writes a script. */
const shownHeaders =
  /^(ratelimit-(limit|remaining|reset)|concurrency-|retry-after|idempotency-|content-type)/;

/** The answer, while it comes and when it is there. */
export function AnswerPanel({ attempt }: { readonly attempt: Attempt }): ReactNode {
  const { state, status, tookMs, headers, text, cut } = attempt;
  if (state === 'idle') return null;
  const shown = headers.filter(([name]) => shownHeaders.test(name));
  return (
    <section
      aria-label="Answer"
      data-testid="api-answer"
      data-state={state}
      className="min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <div className="flex min-h-12 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
        <output className="flex flex-wrap items-baseline gap-3">
          <StatusText state={state} status={status} />
          {tookMs === null ? null : (
            <span className="text-xs text-ink-3">{Math.round(tookMs)} ms</span>
          )}
        </output>
        {text === '' ? null : <CopyButton text={text} />}
      </div>
      {shown.length === 0 ? null : (
        <dl className="flex flex-wrap gap-x-5 gap-y-1 border-b border-line px-4 py-2 text-xs">
          {shown.map(([name, value]) => (
            <div key={name} className="flex min-w-0 gap-1.5">
              <dt className="text-ink-3">{name}</dt>
              <dd className="font-mono break-all">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {text === '' ? null : (
        <pre
          // A region that scrolls must be reachable by keyboard.
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="max-h-112 overflow-auto p-4 font-mono text-xs leading-5"
        >
          {text}
        </pre>
      )}
      {cut ? (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-3">
          Only the beginning is shown here.
        </p>
      ) : null}
    </section>
  );
}

function StatusText({ state, status }: Pick<Attempt, 'state' | 'status'>): ReactNode {
  const failed = state === 'failed' || (status !== null && status >= 400);
  const said =
    state === 'failed'
      ? 'No answer'
      : state === 'cancelled'
        ? 'Cancelled'
        : status === null
          ? 'Sending'
          : String(status);
  return (
    <span className={classNames('font-semibold', failed ? 'text-danger' : 'text-ink')}>
      {said}
      {state === 'running' && status !== null ? ', and on' : ''}
    </span>
  );
}
