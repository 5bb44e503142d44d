'use client';

import { Toast as Primitive } from 'radix-ui';
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { Button } from './button.tsx';

/** What can be done about the news: take back what was done. */
export type ToastAction = { readonly label: string; readonly run: () => void };
type ShowToast = (text: string, action?: ToastAction) => void;
type ToastEntry = {
  readonly id: number;
  readonly text: string;
  readonly action: ToastAction | undefined;
};

const ToastContext = createContext<ShowToast>(() => undefined);

/** Long enough to read two lines (UX-S8). */
const durationMs = 6000;

/** Short news that may be missed; an error is never told here alone. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [entries, setEntries] = useState<readonly ToastEntry[]>([]);
  const show = useCallback<ShowToast>((text, action) => {
    const id = Date.now() + Math.random();
    setEntries((before) => [...before.slice(-2), { id, text, action }]);
  }, []);
  const remove = (id: number): void =>
    setEntries((before) => before.filter((entry) => entry.id !== id));
  return (
    <ToastContext.Provider value={show}>
      <Primitive.Provider duration={durationMs}>
        {children}
        {entries.map((entry) => (
          <Primitive.Root
            key={entry.id}
            onOpenChange={(open) => {
              if (!open) remove(entry.id);
            }}
            className="flex items-center gap-3 rounded-lg border border-line bg-raised px-3 py-2.5 shadow-pop animate-pop"
          >
            <Primitive.Description className="min-w-0 flex-1 break-words">
              {entry.text}
            </Primitive.Description>
            {entry.action === undefined ? null : (
              <Primitive.Action asChild altText={entry.action.label}>
                <Button size="sm" onClick={entry.action.run}>
                  {entry.action.label}
                </Button>
              </Primitive.Action>
            )}
          </Primitive.Root>
        ))}
        <Primitive.Viewport className="fixed right-4 bottom-20 z-70 grid w-80 max-w-[calc(100vw-32px)] gap-2 outline-none md:bottom-4" />
      </Primitive.Provider>
    </ToastContext.Provider>
  );
}

export function useToast(): ShowToast {
  return useContext(ToastContext);
}
