import type { ApiRequest } from './request.ts';

export const languages = [
  { value: 'curl', label: 'curl' },
  { value: 'node', label: 'Node' },
  { value: 'python', label: 'Python' },
] as const;
export type Language = (typeof languages)[number]['value'];

/** What a script sends for the same; its credentials are its own, not the session of who looks at it. */
export function snippetOf(language: Language, request: ApiRequest, apiUrl: string): string {
  switch (language) {
    case 'curl':
      return curlOf(request, apiUrl);
    case 'node':
      return nodeOf(request, apiUrl);
    case 'python':
      return pythonOf(request, apiUrl);
  }
}

/** For a shell: nothing within single quotes means anything but another quote. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function curlOf({ method, path, headers, body }: ApiRequest, apiUrl: string): string {
  return [
    `curl ${method === 'GET' || (method === 'POST' && body !== null) ? '' : `-X ${method} `}${quoted(apiUrl + path)} -u YOUR_SECRET:`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`-d ${quoted(body)}`]),
  ].join(' \\\n  ');
}

function nodeOf({ method, path, headers, body }: ApiRequest, apiUrl: string): string {
  const lines = [
    `const response = await fetch(${JSON.stringify(apiUrl + path)}, {`,
    `  method: ${JSON.stringify(method)},`,
    '  headers: {',
    "    Authorization: `Basic ${btoa('YOUR_SECRET:')}`,",
    ...Object.entries(headers).map(
      ([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
    ),
    '  },',
    ...(body === null ? [] : [`  body: ${JSON.stringify(body)},`]),
    '});',
    'console.log(response.status, await response.text());',
  ];
  return lines.join('\n');
}

/** Texts of JSON are texts of Python. */
function pythonOf({ method, path, headers, body }: ApiRequest, apiUrl: string): string {
  const lines = [
    'import base64, urllib.request',
    '',
    'request = urllib.request.Request(',
    `    ${JSON.stringify(apiUrl + path)},`,
    `    method=${JSON.stringify(method)},`,
    '    headers={',
    '        "Authorization": "Basic " + base64.b64encode(b"YOUR_SECRET:").decode(),',
    ...Object.entries(headers).map(
      ([name, value]) => `        ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
    ),
    '    },',
    ...(body === null ? [] : [`    data=${JSON.stringify(body)}.encode(),`]),
    ')',
    'with urllib.request.urlopen(request) as response:',
    '    print(response.status, response.read().decode())',
  ];
  return lines.join('\n');
}
