import { Cable, CodeXml, Store } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Page } from '../model.ts';

export function PageIcon({
  page,
  size,
}: {
  readonly page: Page;
  readonly size: number;
}): ReactNode {
  switch (page) {
    case 'shop':
      return <Store size={size} aria-hidden />;
    case 'connect':
      return <Cable size={size} aria-hidden />;
    case 'api':
      return <CodeXml size={size} aria-hidden />;
  }
}
