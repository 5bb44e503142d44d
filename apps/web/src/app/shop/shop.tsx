'use client';
import type { ReactNode } from 'react';
import { useState, useSyncExternalStore } from 'react';
import { createUserId, keepAccount, readAccount, subscribeAccount } from './account.ts';
import { Art } from './art.tsx';
import type { Cart } from './cart.ts';
import { addToCart, cartValue, itemCount, takeFromCart } from './cart.ts';
import { CartModal } from './cart-modal.tsx';
import type { Good } from './goods.ts';
import { formatPrice, goods } from './goods.ts';
import { ProductModal } from './product-modal.tsx';
import { SentDrawer } from './sent-drawer.tsx';
import styles from './shop.module.css';
import { SignUpModal } from './sign-up-modal.tsx';
import { useAnalytics } from './use-analytics.ts';

type Open = { type: 'cart' } | { type: 'sign-up' } | { type: 'product'; good: Good } | null;

/** The whole page. Events carry the names and properties of the demo world, so they join its charts. */
export function Shop({ liveHref }: { readonly liveHref: string }): ReactNode {
  const { send, made } = useAnalytics();
  // The server knows no accounts, so its page is that of a stranger.
  const account = useSyncExternalStore(subscribeAccount, readAccount, () => null);
  const [cart, setCart] = useState<Cart>([]);
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);

  const add = (good: Good): void => {
    setCart(addToCart(cart, good));
    send(['track', 'Added to cart', { ...describe(good), quantity: 1 }]);
  };
  const look = (good: Good): void => {
    setOpen({ type: 'product', good });
    send(['track', 'Product viewed', describe(good)]);
  };
  const signUp = ({ name, email }: { name: string; email: string }): void => {
    const userId = createUserId();
    keepAccount({ userId, name, email });
    const created = new Date().toISOString().slice(0, 19);
    send(
      ['identify', userId],
      ['track', 'Signed up', { method: 'E-mail' }],
      ['people.set', { $name: name, $email: email, $created: created, plan: 'Free' }],
    );
  };
  const facts = {
    items: itemCount(cart),
    currency: 'EUR',
    checkout_version: 'v2',
  };
  const order = (paymentMethod: string): string => {
    const orderId = `S-${Date.now().toString(36).toUpperCase()}`;
    send([
      'track',
      'Order completed',
      {
        ...facts,
        order_id: orderId,
        amount: cartValue(cart),
        payment_method: paymentMethod,
        products: cart.map(({ good }) => good.name),
      },
    ]);
    setCart([]);
    return orderId;
  };

  return (
    <>
      <header className={styles['header']}>
        <a href="/shop" className={styles['brand']}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M16 3l9 13h-5l6 8H6l6-8H7z" fill="currentColor" />
            <path
              d="M3 28c5-3 8 3 13 0s8 3 13 0"
              stroke="currentColor"
              strokeWidth="2.4"
              fill="none"
            />
          </svg>
          Tide &amp; Timber
        </a>
        <nav aria-label="Account and cart" className={styles['headerNav']}>
          {account === null ? (
            <button
              type="button"
              className={styles['quiet']}
              data-testid="shop-account"
              onClick={() => setOpen({ type: 'sign-up' })}
            >
              Sign up
            </button>
          ) : (
            <>
              <span className={styles['hello']} data-testid="shop-hello">
                Hello, {account.name}
              </span>
              <button
                type="button"
                className={styles['quiet']}
                onClick={() => {
                  keepAccount(null);
                  send(['reset']);
                }}
              >
                Sign out
              </button>
            </>
          )}
          <button
            type="button"
            className={styles['cartButton']}
            data-testid="shop-cart-button"
            onClick={() => setOpen({ type: 'cart' })}
          >
            Cart <span className={styles['badge']}>{itemCount(cart)}</span>
          </button>
        </nav>
      </header>
      <main className={styles['main']}>
        <section className={styles['hero']}>
          <p className={styles['eyebrow']}>A shop that sells nothing</p>
          <h1>Good things for slow mornings</h1>
          <p className={styles['lead']}>
            Look around, fill the cart, open an account. Every click is sent to your own Arbor the
            way a customer&apos;s site would send it; the bar below shows what.
          </p>
        </section>
        <ul className={styles['grid']}>
          {goods.map((good) => (
            <li key={good.id} className={styles['card']}>
              <button
                type="button"
                className={styles['look']}
                data-testid={`shop-look-${good.id}`}
                onClick={() => look(good)}
              >
                <span className={styles['tile']} data-category={good.category}>
                  <Art good={good.id} />
                </span>
                <span className={styles['eyebrow']}>{good.brand}</span>
                <span className={styles['name']}>{good.name}</span>
              </button>
              <p className={styles['buy']}>
                <span className={styles['price']}>{formatPrice(good.price)}</span>
                <button
                  type="button"
                  className={styles['addButton']}
                  aria-label={`Add ${good.name} to the cart`}
                  data-testid={`shop-add-${good.id}`}
                  onClick={() => add(good)}
                >
                  Add
                </button>
              </p>
            </li>
          ))}
        </ul>
      </main>
      <SentDrawer made={made} liveHref={liveHref} />
      {open?.type === 'product' && (
        <ProductModal good={open.good} onAdd={() => add(open.good)} onClose={close} />
      )}
      {open?.type === 'sign-up' && <SignUpModal onSignUp={signUp} onClose={close} />}
      {open?.type === 'cart' && (
        <CartModal
          cart={cart}
          onAdd={add}
          onTake={(good) => setCart(takeFromCart(cart, good))}
          onCheckout={() =>
            send(['track', 'Checkout started', { ...facts, cart_value: cartValue(cart) }])
          }
          onOrder={order}
          onClose={close}
        />
      )}
    </>
  );
}

function describe({ id, name, category, brand, price }: Good): Record<string, string | number> {
  return { product_id: id, product: name, category, brand, price };
}
