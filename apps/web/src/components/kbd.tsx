import type { ReactNode } from 'react';

/** Keys of a shortcut, pressed one after another: "g i". */
export function Kbd({ keys }: { readonly keys: string }): ReactNode {
  return (
    <span className="inline-flex shrink-0 gap-0.5" aria-hidden>
      {keys.split(' ').map((key, index) => (
        <kbd
          // The same key may occur twice in a sequence and the sequence never changes.
          // oxlint-disable-next-line react/no-array-index-key
          key={index}
          className="inline-grid h-4.5 min-w-4.5 place-items-center rounded-sm border border-line-strong/60 bg-sunken px-1 font-sans text-2xs text-ink-2"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
