import { expect, it } from 'vitest';
import { createUserAgentReader } from './user-agent.ts';

const read = createUserAgentReader();

it.each([
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    { $browser: 'Chrome', $browser_version: 126, $os: 'Mac OS X' },
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    { $browser: 'Mobile Safari', $browser_version: 17.5, $os: 'iOS', $device: 'iPhone' },
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0',
    { $browser: 'Firefox', $browser_version: 127, $os: 'Windows' },
  ],
])('reads %s', (agent, expected) => {
  expect(read(agent)).toMatchObject(expected);
  expect(read(agent)).toBe(read(agent));
});

it('finds nothing in what is no agent, and does not waste time on a very long one', () => {
  expect(read('')).toEqual({});
  expect(read(`Mozilla/5.0 ${'x'.repeat(5000)}`)).toEqual({});
});
