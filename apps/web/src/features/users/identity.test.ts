import { describe, expect, it } from 'vitest';
import type { IdentityLinkEntry } from '@arbor/schema/identity';
import { linkState, linkTitle, splitSentence } from './identity.ts';

const link: IdentityLinkEntry = {
  id: '1',
  at: '2026-03-14T12:00:00.000Z',
  form: 'device',
  alias: '$device:1',
  joined: 'ada',
  refused: null,
  undone: null,
};
const undone = { at: '2026-03-15T12:00:00.000Z', by: 'anna@example.com' };

describe('the log of links', () => {
  it('tells what joined, what did not, and what was taken back', () => {
    expect([link, { ...link, refused: 'too many' }, { ...link, undone }].map(linkState)).toEqual([
      'joined',
      'refused',
      'undone',
    ]);
    expect(linkTitle(link)).toBe('Device signed in');
    expect(linkTitle({ ...link, refused: 'too many' })).toBe('Not joined: device signed in');
    expect(linkTitle({ ...link, undone })).toBe('Device signed in, taken back');
  });

  it('says what unmerging gives', () => {
    const stays = { canonical: 'ada', identifiers: ['ada', 'ada@example.com'] };
    expect(
      splitSentence({ stays, leaves: { canonical: '$device:1', identifiers: ['$device:1'] } }),
    ).toContain('“ada” with 2 identifiers, and “$device:1” with 1 identifier.');
    expect(splitSentence({ stays, leaves: null })).toContain('the user stays one');
  });
});
