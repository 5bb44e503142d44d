'use client';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Art } from './art.tsx';
import type { Cart } from './cart.ts';
import { cartValue, itemCount } from './cart.ts';
import type { Good } from './goods.ts';
import { formatPrice } from './goods.ts';
import { Modal } from './modal.tsx';
import styles from './shop.module.css';

const paymentMethods = ['Card', 'PayPal', 'Invoice'] as const;

export interface CartActions {
  readonly onAdd: (good: Good) => void;
  readonly onTake: (good: Good) => void;
  readonly onCheckout: () => void;
  /** Answers with the order's number. */
  readonly onOrder: (paymentMethod: string) => string;
  readonly onClose: () => void;
}

/** The cart, then the checkout, then thanks. */
export function CartModal(props: { readonly cart: Cart } & CartActions): ReactNode {
  const { cart, onCheckout, onOrder, onClose } = props;
  const [step, setStep] = useState<'cart' | 'checkout'>('cart');
  const [orderId, setOrderId] = useState<string | null>(null);
  return (
    <Modal label="Cart" kind="side" onClose={onClose} testId="shop-cart">
      {orderId !== null ? (
        <div className={styles['thanks']} data-testid="shop-thanks">
          <p className={styles['tick']} aria-hidden="true">
            ✓
          </p>
          <h2>Order completed</h2>
          <p className={styles['lead']}>
            Number {orderId}. Nothing will arrive, but Arbor has already counted it.
          </p>
          <button type="button" className={styles['primary']} onClick={onClose}>
            Back to the shop
          </button>
        </div>
      ) : (
        <>
          <h2>{step === 'cart' ? 'Your cart' : 'Checkout'}</h2>
          {step === 'cart' ? <Lines {...props} /> : null}
          {itemCount(cart) > 0 && (
            <>
              <p className={styles['sum']}>
                <span>Total</span>
                <strong data-testid="shop-total">{formatPrice(cartValue(cart))}</strong>
              </p>
              {step === 'cart' ? (
                <button
                  type="button"
                  className={styles['primary']}
                  data-testid="shop-checkout"
                  onClick={() => {
                    onCheckout();
                    setStep('checkout');
                  }}
                >
                  Go to checkout
                </button>
              ) : (
                <Payment onPay={(method) => setOrderId(onOrder(method))} />
              )}
            </>
          )}
        </>
      )}
    </Modal>
  );
}

function Lines({ cart, onAdd, onTake }: { readonly cart: Cart } & CartActions): ReactNode {
  if (cart.length === 0) return <p className={styles['lead']}>Nothing in it yet.</p>;
  return (
    <ul className={styles['lines']}>
      {cart.map(({ good, quantity }) => (
        <li key={good.id}>
          <span className={styles['thumb']} data-category={good.category}>
            <Art good={good.id} />
          </span>
          <span>
            <strong>{good.name}</strong>
            <br />
            {formatPrice(good.price)}
          </span>
          <span className={styles['quantity']}>
            <button type="button" aria-label={`One ${good.name} less`} onClick={() => onTake(good)}>
              −
            </button>
            <output aria-label="Quantity">{quantity}</output>
            <button type="button" aria-label={`One ${good.name} more`} onClick={() => onAdd(good)}>
              +
            </button>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Payment({ onPay }: { readonly onPay: (method: string) => void }): ReactNode {
  return (
    <form
      className={styles['form']}
      onSubmit={(event) => {
        event.preventDefault();
        const method = new FormData(event.currentTarget).get('method');
        onPay(typeof method === 'string' ? method : paymentMethods[0]);
      }}
    >
      <fieldset>
        <legend>How would you like to pretend to pay?</legend>
        {paymentMethods.map((method, index) => (
          <label key={method} className={styles['choice']}>
            <input type="radio" name="method" value={method} defaultChecked={index === 0} />
            {method}
          </label>
        ))}
      </fieldset>
      <button type="submit" className={styles['primary']} data-testid="shop-order">
        Place order
      </button>
    </form>
  );
}
