import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import styles from './shop.module.css';

export const metadata: Metadata = {
  title: { absolute: 'Tide & Timber · demo shop' },
  description: 'A demo shop that sends what you do to your own Arbor',
};

/** A house of its own: nothing of the dashboard's frame. */
export default function ShopLayout({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className={styles['shop']}>{children}</div>;
}
