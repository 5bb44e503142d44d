import { expect, test } from 'vitest';
import { createAccessLinks } from './access-link.ts';

const links = createAccessLinks('a-master-key-of-this-test');

function linkOf(path: string) {
  const { pathname, searchParams } = new URL(path, 'http://localhost');
  return {
    request: pathname.split('/').at(-1) ?? '',
    expires: Number(searchParams.get('expires')),
    signature: searchParams.get('signature') ?? '',
  };
}

test('a link holds until it expires, for the request it was made for, under the key it was made with', () => {
  const link = linkOf(links.pathOf('r-1', 5000));
  expect(links.holds(link, 4999)).toBe(true);
  expect(links.holds(link, 5000)).toBe(false);
  expect(links.holds({ ...link, expires: 6000 }, 4999)).toBe(false);
  expect(links.holds({ ...link, request: 'r-2' }, 4999)).toBe(false);
  expect(links.holds({ ...link, signature: '' }, 4999)).toBe(false);
  expect(createAccessLinks('another-master-key-here').holds(link, 4999)).toBe(false);
});
