import { describe, expect, it } from 'vitest';
import { snippets } from './snippets.ts';

const sdk = {
  path: '/js/mokare.js',
  versionedPath: '/js/mokare.1.0.0.js',
  integrity: 'sha384-abc',
  stub: '!function(w){}(window)',
};
const all = snippets({ token: 'tok_1', apiUrl: 'http://shop.test:4000', sdk });

describe('snippets', () => {
  it.each(all.map((snippet) => [snippet.label, snippet.code] as const))(
    '%s carries token and address, and names no other host',
    (_, code) => {
      expect(code).toContain('tok_1');
      expect(code).toContain('shop.test:4000');
      const hosts = [...code.matchAll(/https?:\/\/([^/'"\s]+)/g)].map((match) => match[1]);
      expect(new Set(hosts).size).toBeLessThanOrEqual(1);
    },
  );

  it('names the script as the operator does, and checks the version that never changes', () => {
    const codeOf = (id: string): string => all.find((one) => one.id === id)?.code ?? '';
    expect(codeOf('script')).toContain('src="http://shop.test:4000/js/mokare.js"');
    expect(codeOf('fixed')).toContain('src="http://shop.test:4000/js/mokare.1.0.0.js"');
    expect(codeOf('fixed')).toContain('integrity="sha384-abc" crossorigin="anonymous"');
  });

  it('imports the package and its part in the module', () => {
    const code = all.find(({ id }) => id === 'module')?.code ?? '';
    expect(code).toMatch(/from '@arbor\/sdk-js';/);
    expect(code).toMatch(/from '@arbor\/sdk-js\/pages';/);
  });

  it('gives the name that always works while the API has not said another', () => {
    const plain = snippets({ token: 'tok_1', apiUrl: 'http://shop.test:4000' });
    expect(plain.map(({ id }) => id)).not.toContain('fixed');
    expect(plain[0]?.code).toContain('http://shop.test:4000/sdk/arbor.js');
  });

  it('gives the HTTP record as JSON that parses', () => {
    const code = all.find(({ id }) => id === 'http')?.code ?? '';
    const body: unknown = JSON.parse(/-d '(.*)'/.exec(code)?.[1] ?? '');
    expect(body).toEqual([
      { event: 'Hello Arbor', properties: { token: 'tok_1', distinct_id: 'me' } },
    ]);
  });
});
