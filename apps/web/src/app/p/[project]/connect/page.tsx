import type { Metadata } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { publicApiUrl, webConfig } from '#api/config.ts';
import { Connect } from '#features/connect/components/connect.tsx';

export const metadata: Metadata = { title: 'Connect' };

/** Snippets carry the address of this installation as the person reached it (UX-O4). */
export default async function ConnectPage(): Promise<ReactNode> {
  const host = (await headers()).get('host');
  return <Connect apiUrl={publicApiUrl(webConfig().apiUrl, host)} />;
}
