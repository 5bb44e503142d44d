import type { ReactNode } from 'react';
import { DataFrame } from '#features/data/components/data-frame.tsx';

export default function DataLayout({ children }: { readonly children: ReactNode }): ReactNode {
  return <DataFrame>{children}</DataFrame>;
}
