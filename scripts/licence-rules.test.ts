import { expect, it } from 'vitest';
import { licenceBreach, satisfies, unusedExceptions } from './licence-rules.ts';

const breach = (fields: { name?: string; license?: unknown; licenses?: unknown }) =>
  licenceBreach({ name: 'x', version: '1.0.0', ...fields });

it('takes permissive licences in every form a manifest may name them', () => {
  expect(breach({ license: 'MIT' })).toBeNull();
  expect(breach({ license: { type: 'ISC' } })).toBeNull();
  expect(breach({ licenses: [{ type: 'MIT' }, { type: 'GPL-2.0' }] })).toBeNull();
  expect(breach({ license: '(MIT OR GPL-3.0-only)' })).toBeNull();
});

it('refuses what would bind our own code, and what says nothing', () => {
  expect(breach({ license: 'AGPL-3.0-only' })).toBe(
    'x@1.0.0 is under "AGPL-3.0-only", which is not on the list of scripts/licence-rules.ts',
  );
  expect(breach({ license: 'MIT AND SSPL-1.0' })).not.toBeNull();
  expect(breach({ license: 'SEE LICENSE IN LICENSE.md' })).not.toBeNull();
  expect(breach({})).toBe('x@1.0.0 names no licence');
  expect(breach({ license: '' })).toBe('x@1.0.0 names no licence');
});

it('makes an exception for one package, also for its builds per platform, and for no other', () => {
  expect(breach({ name: 'lightningcss', license: 'MPL-2.0' })).toBeNull();
  expect(breach({ name: 'lightningcss-linux-x64-gnu', license: 'MPL-2.0' })).toBeNull();
  expect(breach({ name: 'other', license: 'MPL-2.0' })).not.toBeNull();
  expect(breach({ name: 'lightningcss', license: 'GPL-3.0-only' })).not.toBeNull();
});

it('lets AND bind closer than OR', () => {
  const onlyA = (licence: string): boolean => licence === 'A';
  expect(satisfies('A OR B AND C', onlyA)).toBe(true);
  expect(satisfies('(A OR B) AND C', onlyA)).toBe(false);
  expect(satisfies('A AND', onlyA)).toBe(false);
  expect(satisfies('(A', onlyA)).toBe(false);
});

it('reports an exception that nothing needs any more', () => {
  expect(unusedExceptions([])).toContain(
    'lightningcss is not installed: remove it from scripts/licence-rules.ts',
  );
  const builds = [{ name: 'lightningcss-linux-x64-gnu', version: '1.0.0' }];
  expect(unusedExceptions(builds).join()).not.toContain('lightningcss is');
});
