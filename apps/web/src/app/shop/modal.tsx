'use client';
import type { ReactNode } from 'react';
import { useEffect, useEffectEvent, useRef } from 'react';
import styles from './shop.module.css';

/**
 * The browser's own dialog: it keeps the focus inside, closes on Escape, and gives the focus back. It is
 * open as long as it is rendered.
 */
export function Modal(props: {
  readonly label: string;
  readonly kind: 'centre' | 'side';
  readonly onClose: () => void;
  readonly testId: string;
  readonly children: ReactNode;
}): ReactNode {
  const { label, kind, onClose, testId, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return undefined;
    const onCancel = (event: Event): void => {
      event.preventDefault();
      close();
    };
    // The body fills the dialog: a press on the dialog itself is one on the backdrop.
    const onPress = (event: Event): void => {
      if (event.target === element) close();
    };
    element.addEventListener('cancel', onCancel);
    element.addEventListener('mousedown', onPress);
    element.showModal();
    return () => {
      element.removeEventListener('cancel', onCancel);
      element.removeEventListener('mousedown', onPress);
      element.close();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      data-testid={testId}
      className={`${styles['modal']} ${styles[kind]}`}
    >
      <div className={styles['modalBody']}>
        <button type="button" className={styles['close']} aria-label="Close" onClick={onClose}>
          ×
        </button>
        {children}
      </div>
    </dialog>
  );
}
