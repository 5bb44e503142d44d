import { expect, test } from 'vitest';
import { addToCart, cartValue, itemCount, takeFromCart } from './cart.ts';
import type { Cart } from './cart.ts';
import type { Good } from './goods.ts';
import { formatPrice } from './goods.ts';

const good = (id: string, price: number): Good => ({
  id,
  name: id,
  category: 'Home',
  brand: 'Klar',
  price,
  line: '',
});
const bowl = good('bowl', 14.9);
const candle = good('candle', 19.5);

test('counts pieces and sums them to the cent', () => {
  let cart: Cart = [];
  cart = addToCart(cart, bowl);
  cart = addToCart(cart, candle);
  cart = addToCart(cart, bowl);
  cart = addToCart(cart, bowl);
  expect(cart.map(({ quantity }) => quantity)).toEqual([3, 1]);
  expect(itemCount(cart)).toBe(4);
  expect(cartValue(cart)).toBe(64.2);
});

test('takes pieces out one by one, and the line with the last', () => {
  let cart = addToCart(addToCart([], bowl), bowl);
  cart = takeFromCart(cart, candle);
  expect(itemCount(cart)).toBe(2);
  cart = takeFromCart(takeFromCart(cart, bowl), bowl);
  expect(cart).toEqual([]);
  expect(cartValue(cart)).toBe(0);
});

test('writes prices as euro', () => {
  expect(formatPrice(64.2)).toBe('€64.20');
});
