import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { publicApiUrl, webConfig } from '#api/config.ts';
import { shopProject } from './shop-project.ts';
import { Shop } from './shop.tsx';

/** A shop to click in while Live is open beside it. The one tag below is all of its analytics. */
export default async function ShopPage(): Promise<ReactNode> {
  const host = (await headers()).get('host');
  const apiOrigin = publicApiUrl(webConfig().apiUrl, host);
  return (
    <>
      <script async src={`${apiOrigin}/sdk/arbor.js`} data-token={shopProject.token} />
      <Shop liveHref={`/p/${shopProject.id}/live`} />
    </>
  );
}
