export type SnippetInput = { readonly token: string; readonly apiUrl: string };

export type Snippet = {
  readonly id: 'script' | 'mixpanel' | 'node' | 'http';
  readonly label: string;
  /** One sentence: where it goes. */
  readonly note: string;
  readonly code: string;
};

/**
 * What to paste, complete: the token is the project's and the address is that of this installation
 * as the person reached it, so nothing has to be filled in and nothing points anywhere else.
 */
export function snippets({ token, apiUrl }: SnippetInput): readonly Snippet[] {
  return [
    {
      id: 'script',
      label: 'Script tag',
      note: 'Put this before the closing head tag of every page. Page views are counted by themselves.',
      code: `<script async src="${apiUrl}/sdk/arbor.js" data-token="${token}"></script>
<script>
  window.arbor = window.arbor || [];
  arbor.push(['track', 'Connected', { from: 'site' }]);
</script>`,
    },
    {
      id: 'mixpanel',
      label: 'Mixpanel client',
      note: 'Code that already uses mixpanel-browser stays as it is; only the address changes.',
      code: `import mixpanel from 'mixpanel-browser';

mixpanel.init('${token}', { api_host: '${apiUrl}', persistence: 'localStorage' });
mixpanel.track('Page viewed');`,
    },
    {
      id: 'node',
      label: 'Node',
      note: "For servers, with Mixpanel's client for Node.",
      code: `import Mixpanel from 'mixpanel';

const mixpanel = Mixpanel.init('${token}', {
${nodeAddress(apiUrl)}
});
mixpanel.track('Order completed', { distinct_id: 'user-1', amount: 42 });`,
    },
    {
      id: 'http',
      label: 'HTTP',
      note: 'From anywhere, and the quickest way to see the first event below.',
      code: `curl ${apiUrl}/track \\
  -H 'content-type: application/json' \\
  -d '[{"event":"Hello Arbor","properties":{"token":"${token}","distinct_id":"me"}}]'`,
    },
  ];
}

/** Mixpanel's client for Node takes the address in parts. */
function nodeAddress(apiUrl: string): string {
  const { protocol, hostname, port } = new URL(apiUrl);
  return [
    `  protocol: '${protocol.replace(':', '')}',`,
    `  host: '${port === '' ? hostname : `${hostname}:${port}`}',`,
  ].join('\n');
}
