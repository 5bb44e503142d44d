'use client';

import Markdown, { type Components } from 'react-markdown';
import type { ReactNode } from 'react';

/** Headings begin below the page's own; a link leaves the board open. */
const components: Components = {
  h1: ({ children }) => <h2 className="text-xl font-semibold">{children}</h2>,
  h2: ({ children }) => <h3 className="text-lg font-semibold">{children}</h3>,
  h3: ({ children }) => <h4 className="text-base font-semibold">{children}</h4>,
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer" className="text-accent underline">
      {children}
    </a>
  ),
  ul: ({ children }) => <ul className="list-disc pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="list-decimal pl-5">{children}</ol>,
  code: ({ children }) => <code className="rounded-sm bg-sunken px-1 font-mono">{children}</code>,
};

/** Markdown as a page of the dashboard; HTML in it stays text, and images of other hosts are not asked for. */
export function TextBody({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="grid gap-2 break-words" data-testid="card-text">
      <Markdown components={components} disallowedElements={['img']}>
        {text}
      </Markdown>
    </div>
  );
}
