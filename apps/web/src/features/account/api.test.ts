import { expect, it } from 'vitest';
import { refusalText, signInTexts } from './api.ts';

it('says the same for a wrong address and a wrong password', () => {
  expect(refusalText(400)).toBe(signInTexts.wrong);
  expect(refusalText(401)).toBe(signInTexts.wrong);
  expect(refusalText(403)).toBe(signInTexts.wrong);
});

it('tells apart being stopped and having no server', () => {
  expect(refusalText(429)).toBe(signInTexts.tooMany);
  expect(refusalText(502)).toBe(signInTexts.unreachable);
});
