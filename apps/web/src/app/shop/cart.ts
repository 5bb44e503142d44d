import type { Good } from './goods.ts';

/** What lies in the cart, in the order it was put there. */
export type Cart = readonly CartLine[];

export interface CartLine {
  readonly good: Good;
  readonly quantity: number;
}

export function addToCart(cart: Cart, good: Good): Cart {
  if (!cart.some((line) => line.good.id === good.id)) return [...cart, { good, quantity: 1 }];
  return cart.map((line) =>
    line.good.id === good.id ? { ...line, quantity: line.quantity + 1 } : line,
  );
}

/** Takes one piece out; the line goes with the last one. */
export function takeFromCart(cart: Cart, good: Good): Cart {
  return cart
    .map((line) => (line.good.id === good.id ? { ...line, quantity: line.quantity - 1 } : line))
    .filter(({ quantity }) => quantity > 0);
}

export function itemCount(cart: Cart): number {
  return cart.reduce((count, { quantity }) => count + quantity, 0);
}

/** Summed in cents: euro as binary fractions would show 0.30000000000000004. */
export function cartValue(cart: Cart): number {
  const cents = cart.reduce(
    (sum, line) => sum + Math.round(line.good.price * 100) * line.quantity,
    0,
  );
  return cents / 100;
}
