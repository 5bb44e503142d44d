import type { ReactNode } from 'react';
import { CopyButton } from '#components/copy-button.tsx';
import type { ApiDescription } from '../model.ts';

export type OverviewProps = {
  readonly apiUrl: string;
  readonly errors: ApiDescription['errors'];
};

/** What holds for every request. */
export function Overview({ apiUrl, errors }: OverviewProps): ReactNode {
  const documentUrl = `${apiUrl}/api/v1/openapi.json`;
  return (
    <>
      <header className="grid gap-1">
        <h1 className="text-xl font-semibold">API</h1>
        <p className="text-ink-2">
          Everything in this dashboard can be asked and changed by scripts. Choose a request to see
          what it takes, and to try it as yourself.
        </p>
      </header>
      <section className="grid gap-3 rounded-lg border border-line bg-surface p-4 shadow-card">
        <dl className="grid gap-3">
          <Fact name="Address">
            <code className="font-mono break-all">{apiUrl}</code>
          </Fact>
          <Fact name="Credentials">
            HTTP Basic: the secret of a project as user without a password, or a service account.
          </Fact>
          <Fact name="Limits">
            Each answer says in <code className="font-mono">RateLimit-Remaining</code> how many
            requests are left in this minute, and with 429 in{' '}
            <code className="font-mono">Retry-After</code> when to come back.
          </Fact>
          <Fact name="Writes">
            With an <code className="font-mono">Idempotency-Key</code> a write may be sent again
            within a day: it is done once.
          </Fact>
        </dl>
        <div className="flex flex-wrap items-center gap-2 border-t border-line pt-3">
          <span className="text-ink-2">The same as an OpenAPI document:</span>
          <a href="/api/v1/openapi.json" className="font-mono break-all text-accent underline">
            {documentUrl}
          </a>
          <CopyButton text={documentUrl} />
        </div>
      </section>
      <section aria-label="Errors" className="grid gap-2">
        <h2 className="text-lg font-semibold">Errors</h2>
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
          {errors.map(({ code, status, retryable, help }) => (
            <li key={code} className="grid gap-0.5 px-4 py-2.5">
              <p className="flex flex-wrap items-baseline gap-x-3">
                <code className="font-mono text-xs font-semibold break-all">{code}</code>
                <span className="text-xs text-ink-3">
                  {status}
                  {retryable ? ', may succeed later' : ''}
                </span>
              </p>
              <p className="text-ink-2">{help}</p>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="grid gap-0.5 md:grid-cols-[120px_1fr]">
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}
