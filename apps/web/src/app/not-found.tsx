import type { ReactNode } from 'react';
import { NoAccess } from '#features/shell/components/no-access.tsx';

export default function NotFoundPage(): ReactNode {
  return <NoAccess />;
}
