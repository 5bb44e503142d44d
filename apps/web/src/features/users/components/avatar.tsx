import type { ReactNode } from 'react';
import { assignColours, chartColour } from '#charts/palette.ts';
import { classNames } from '#components/class-names.ts';
import { initials } from '../profile.ts';

const sizes = { sm: 'size-5 text-[10px]', lg: 'size-11 text-base' } as const;

/** Initials on a colour of the user's own: no picture is asked of anybody. */
export function Avatar({
  user,
  name,
  size,
}: {
  readonly user: string;
  readonly name: string;
  readonly size: keyof typeof sizes;
}): ReactNode {
  const colour = chartColour(assignColours([user]).get(user) ?? 0);
  return (
    <span
      aria-hidden
      style={{ background: `color-mix(in srgb, ${colour} 22%, var(--surface))` }}
      className={classNames(
        'grid shrink-0 place-items-center rounded-full font-semibold text-ink select-none',
        sizes[size],
      )}
    >
      {size === 'sm' ? initials(name).slice(0, 1) : initials(name)}
    </span>
  );
}
