'use client';
import type { ReactNode } from 'react';
import { Art } from './art.tsx';
import type { Good } from './goods.ts';
import { formatPrice } from './goods.ts';
import { Modal } from './modal.tsx';
import styles from './shop.module.css';

/** One product, near enough to buy. */
export function ProductModal(props: {
  readonly good: Good;
  readonly onAdd: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const { good, onAdd, onClose } = props;
  return (
    <Modal label={good.name} kind="centre" onClose={onClose} testId="shop-product">
      <div className={styles['product']}>
        <div className={styles['tile']} data-category={good.category}>
          <Art good={good.id} />
        </div>
        <div>
          <p className={styles['eyebrow']}>
            {good.brand} · {good.category}
          </p>
          <h2>{good.name}</h2>
          <p className={styles['lead']}>{good.line}</p>
          <p className={styles['price']}>{formatPrice(good.price)}</p>
          <button
            type="button"
            className={styles['primary']}
            data-testid="shop-add"
            onClick={() => {
              onAdd();
              onClose();
            }}
          >
            Add to cart
          </button>
        </div>
      </div>
    </Modal>
  );
}
