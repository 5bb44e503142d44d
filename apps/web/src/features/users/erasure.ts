import type { DataRequest, DataRequestStatus, ErasureReceipt } from '@arbor/schema/privacy';
import { clockText, dateTimeText } from '#format/instant.ts';
import { formatCount } from '#format/number.ts';

/** Nothing follows any more. */
export function isOver(status: DataRequestStatus): boolean {
  return status === 'SUCCESS' || status === 'REVOKED';
}

export function mayCancel(status: DataRequestStatus): boolean {
  return status === 'PENDING' || status === 'STAGING';
}

/** How far an erasure is, in a sentence. */
export function erasureText(request: DataRequest, timezone: string): string {
  switch (request.status) {
    case 'PENDING':
      return 'The erasure was asked for and begins in a moment.';
    case 'STAGING':
      return request.startsAt === null
        ? 'The erasure begins in a moment. Until then it can be cancelled.'
        : `The erasure begins at ${clockText(Date.parse(request.startsAt), timezone)}. Until then it can be cancelled.`;
    case 'STARTED':
      return `Erasing: ${request.progress ?? 'looking for everything of this user'}.`;
    case 'FAILURE':
      return `The erasure stopped: ${request.reason ?? 'the reason is not known'}. It is tried again by itself.`;
    case 'REVOKED':
      return 'The erasure was cancelled. Nothing was erased.';
    case 'SUCCESS':
      return request.receipt === null ? 'User erased.' : receiptText(request.receipt, timezone);
  }
}

/** Word for word `ux.md` 27. */
function receiptText(receipt: ErasureReceipt, timezone: string): string {
  const events = formatCount(receipt.events, 'event');
  const properties = formatCount(receipt.properties, 'property', 'properties');
  const files = formatCount(receipt.files, 'file');
  const time = dateTimeText(Date.parse(receipt.finishedAt), timezone);
  return `User erased. ${events} and ${properties} removed from ${files} at ${time}. Receipt ${receipt.id}.`;
}
