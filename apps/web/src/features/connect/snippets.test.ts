import { describe, expect, it } from 'vitest';
import { snippets } from './snippets.ts';

const all = snippets({ token: 'tok_1', apiUrl: 'http://shop.test:4000' });

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

  it('gives the HTTP record as JSON that parses', () => {
    const code = all.find(({ id }) => id === 'http')?.code ?? '';
    const body: unknown = JSON.parse(/-d '(.*)'/.exec(code)?.[1] ?? '');
    expect(body).toEqual([
      { event: 'Hello Arbor', properties: { token: 'tok_1', distinct_id: 'me' } },
    ]);
  });
});
