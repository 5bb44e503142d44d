import { describe, expect, it } from 'vitest';
import { identifierLabel, isAnonymousId } from './identifier.ts';

describe('identifiers', () => {
  it('that a device made up are short', () => {
    expect(identifierLabel('$device:2b95c6b7-002b-47a0-9fde-f204c0494b9b')).toBe(
      'Anonymous 2b95c6b7',
    );
    expect(identifierLabel('2b95c6b7-002b-47a0-9fde-f204c0494b9b')).toBe('Anonymous 2b95c6b7');
  });

  it('of the customer stay as they are, also other UUIDs', () => {
    expect(identifierLabel('ada@example.com')).toBe('ada@example.com');
    expect(isAnonymousId('2b95c6b7-002b-11e0-9fde-f204c0494b9b')).toBe(false);
  });
});
