'use client';

import { Toast as Primitive } from 'radix-ui';
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';

type ToastEntry = { readonly id: number; readonly text: string };

const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Long enough to read two lines (UX-S8). */
const durationMs = 6000;

/** Short news that may be missed; an error is never told here alone. */
export function ToastProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [entries, setEntries] = useState<readonly ToastEntry[]>([]);
  const show = useCallback((text: string) => {
    setEntries((before) => [...before.slice(-2), { id: Date.now() + Math.random(), text }]);
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
            className="rounded-lg border border-line bg-raised px-3 py-2.5 shadow-pop animate-pop"
          >
            <Primitive.Description>{entry.text}</Primitive.Description>
          </Primitive.Root>
        ))}
        <Primitive.Viewport className="fixed right-4 bottom-20 z-70 grid w-80 max-w-[calc(100vw-32px)] gap-2 outline-none md:bottom-4" />
      </Primitive.Provider>
    </ToastContext.Provider>
  );
}

export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}
