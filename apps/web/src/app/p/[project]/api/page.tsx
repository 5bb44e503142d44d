import type { Metadata } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { publicApiUrl, webConfig } from '#api/config.ts';
import { ApiDocs } from '#features/api-docs/components/api-docs.tsx';

export const metadata: Metadata = { title: 'API' };

/** Code to copy carries the address of this installation as the person reached it. */
export default async function ApiPage(): Promise<ReactNode> {
  const host = (await headers()).get('host');
  return <ApiDocs apiUrl={publicApiUrl(webConfig().apiUrl, host)} />;
}
