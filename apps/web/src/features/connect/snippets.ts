import type { SdkDescription } from './sdk-description.ts';

/** What the customer's page imports; this dashboard does not. */
const entry = (name: string): string => `'@arbor/sdk-js${name}'`;

export type SnippetInput = {
  readonly token: string;
  readonly apiUrl: string;
  /** As the API told; undefined until then, and where it cannot be asked. */
  readonly sdk?: SdkDescription | undefined;
};

export type Snippet = {
  readonly id: 'script' | 'fixed' | 'module' | 'mixpanel' | 'node' | 'http';
  readonly label: string;
  /** One sentence: where it goes. */
  readonly note: string;
  readonly code: string;
};

/**
 * What to paste, complete: the token is the project's and the address is that of this installation
 * as the person reached it, so nothing has to be filled in and nothing points anywhere else.
 */
export function snippets({ token, apiUrl, sdk }: SnippetInput): readonly Snippet[] {
  return [
    {
      id: 'script',
      label: 'Script tag',
      note: 'Put this before the closing head tag of every page. Page views are counted by themselves.',
      code: `<script async src="${apiUrl}${sdk?.path ?? '/sdk/arbor.js'}" data-token="${token}"></script>
<script>
  window.arbor = window.arbor || [];
  arbor.push(['track', 'Connected', { from: 'site' }]);
</script>`,
    },
    ...(sdk === undefined ? [] : [fixedSnippet({ token, apiUrl, sdk })]),
    {
      id: 'module',
      label: 'Module',
      note: 'For code that is bundled: names and properties of events are checked by the compiler.',
      code: `import { createClient } from ${entry('')};
import { pages } from ${entry('/pages')};

export const analytics = createClient('${token}', { host: '${apiUrl}' });
analytics.use(pages());
analytics.track('Connected', { from: 'module' });`,
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

/** The version that never changes, which the browser checks, and calls that work before it has loaded. */
function fixedSnippet({ token, apiUrl, sdk }: Required<SnippetInput>): Snippet {
  const { versionedPath = '', integrity = '', stub = '' } = sdk ?? {};
  return {
    id: 'fixed',
    label: 'Fixed version',
    note: 'For pages that check what they load. The first line lets arbor.track be called at once. A server that is upgraded serves its new version alone: paste this again then.',
    code: `<script>${stub}</script>
<script async src="${apiUrl}${versionedPath}" data-token="${token}"
  integrity="${integrity}" crossorigin="anonymous"></script>
<script>
  arbor.track('Connected', { from: 'site' });
</script>`,
  };
}

/** Mixpanel's client for Node takes the address in parts. */
function nodeAddress(apiUrl: string): string {
  const { protocol, hostname, port } = new URL(apiUrl);
  return [
    `  protocol: '${protocol.replace(':', '')}',`,
    `  host: '${port === '' ? hostname : `${hostname}:${port}`}',`,
  ].join('\n');
}
