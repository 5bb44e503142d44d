import { expect, test } from 'vitest';
import { describeCall } from './analytics.ts';

test('writes each kind of call so that a person can read it', () => {
  expect(describeCall(['track', 'Added to cart', { product: 'Bowl', price: 14.9 }])).toEqual({
    method: 'track',
    subject: 'Added to cart',
    details: 'product: Bowl · price: 14.9',
  });
  expect(describeCall(['identify', 'shopper-7'])).toEqual({
    method: 'identify',
    subject: 'shopper-7',
    details: '',
  });
  expect(describeCall(['people.set', { plan: 'Free', tags: ['a', 'b'] }])).toEqual({
    method: 'people.set',
    subject: '',
    details: 'plan: Free · tags: a, b',
  });
  expect(describeCall(['reset'])).toEqual({ method: 'reset', subject: '', details: '' });
});
