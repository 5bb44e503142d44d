'use client';

import { useState, type ReactNode } from 'react';
import { useProject } from '#api/project-context.tsx';
import { CopyButton } from '#components/copy-button.tsx';
import { Segmented } from '#components/segmented.tsx';
import { useTrial } from '../api.ts';
import type { ApiOperation } from '../model.ts';
import { initiallyFilled, missingIn, requestOf, type ApiRequest } from '../request.ts';
import { languages, snippetOf, type Language } from '../snippets.ts';
import { AnswerPanel } from './answer-panel.tsx';
import { Method } from './method.tsx';
import { RequestForm } from './request-form.tsx';

/** A request: what it takes, the code that sends it, and its answer. */
export function Operation({
  operation,
  apiUrl,
}: {
  readonly operation: ApiOperation;
  readonly apiUrl: string;
}): ReactNode {
  const { id: projectId } = useProject();
  const [filled, setFilled] = useState(() => initiallyFilled(operation, projectId));
  const [body, setBody] = useState(operation.examples[0]?.text ?? '');
  const [accept, setAccept] = useState(operation.answerTypes[0] ?? '');
  const { attempt, send, cancel } = useTrial();
  const request = requestOf(operation, { filled, body, accept });
  const missing = missingIn(operation, filled);
  return (
    <>
      <header className="grid gap-1">
        <h1 className="text-xl font-semibold">{operation.summary}</h1>
        <p className="flex flex-wrap items-baseline gap-2">
          <Method method={operation.method} />
          <code className="min-w-0 font-mono text-xs break-all text-ink-2">{operation.path}</code>
        </p>
      </header>
      <RequestForm
        operation={operation}
        filled={filled}
        onFilled={setFilled}
        body={body}
        onBody={setBody}
        accept={accept}
        onAccept={setAccept}
        missing={missing}
        running={attempt.state === 'running'}
        onSend={() => send(request)}
        onCancel={cancel}
      />
      <AnswerPanel attempt={attempt} />
      <Snippet request={request} apiUrl={apiUrl} />
      <section aria-label="Answers" className="grid gap-2">
        <h2 className="text-lg font-semibold">Answers</h2>
        <dl className="divide-y divide-line rounded-lg border border-line bg-surface shadow-card">
          {operation.answers.map(({ status, description }) => (
            <div key={status} className="flex gap-4 px-4 py-2.5">
              <dt className="w-16 shrink-0 font-mono text-xs">
                {status === 'default' ? 'Else' : status}
              </dt>
              <dd className="min-w-0 text-ink-2">{description}</dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

function Snippet({
  request,
  apiUrl,
}: {
  readonly request: ApiRequest;
  readonly apiUrl: string;
}): ReactNode {
  const [language, setLanguage] = useState<Language>('curl');
  const code = snippetOf(language, request, apiUrl);
  return (
    <section
      aria-label="The same in a script"
      className="min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line p-2">
        <Segmented
          label="Language"
          testId="api-language"
          value={language}
          options={languages}
          onChange={setLanguage}
        />
        <CopyButton text={code} />
      </div>
      <pre
        data-testid="api-snippet"
        // A region that scrolls must be reachable by keyboard.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="max-h-80 overflow-auto p-4 font-mono text-xs leading-5"
      >
        {code}
      </pre>
    </section>
  );
}
