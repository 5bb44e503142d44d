'use client';
import type { ReactNode } from 'react';
import { Modal } from './modal.tsx';
import styles from './shop.module.css';

/** Opens an account. Nothing but this browser and your own Arbor hears of it. */
export function SignUpModal(props: {
  readonly onSignUp: (given: { name: string; email: string }) => void;
  readonly onClose: () => void;
}): ReactNode {
  const { onSignUp, onClose } = props;
  return (
    <Modal label="Sign up" kind="centre" onClose={onClose} testId="shop-sign-up">
      <form
        className={styles['form']}
        onSubmit={(event) => {
          event.preventDefault();
          const given = new FormData(event.currentTarget);
          onSignUp({ name: text(given, 'name'), email: text(given, 'email') });
          onClose();
        }}
      >
        <h2>Sign up</h2>
        <p className={styles['lead']}>
          Arbor will know that everything this browser did so far was you.
        </p>
        <label>
          Name
          <input name="name" required maxLength={80} autoComplete="off" defaultValue="Robin Reed" />
        </label>
        <label>
          E-mail
          <input
            name="email"
            type="email"
            required
            maxLength={120}
            autoComplete="off"
            defaultValue="robin.reed@example.com"
          />
        </label>
        <button type="submit" className={styles['primary']} data-testid="shop-sign-up-submit">
          Create account
        </button>
      </form>
    </Modal>
  );
}

function text(given: FormData, name: string): string {
  const value = given.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
