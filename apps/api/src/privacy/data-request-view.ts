import type { Db } from '@arbor/db';
import {
  complianceTypeSchema,
  type DataRequest,
  dataRequestKindSchema,
  dataRequestResultSchema,
  dataRequestStatusSchema,
  disclosureTypeSchema,
} from '@arbor/schema/privacy';
import { z } from 'zod';
import type { AccessLinks } from './access-link.ts';

export type DataRequestRow = NonNullable<Awaited<ReturnType<Db['dataRequest']['findUnique']>>>;

const identifiersSchema = z.array(z.string()).nullable();

/** A request as it is shown: how far it is, and what came of it. */
export function dataRequestView(
  row: DataRequestRow,
  { links, now }: { readonly links: AccessLinks; readonly now: number },
): DataRequest {
  const result = row.result === null ? null : dataRequestResultSchema.parse(row.result);
  return {
    id: row.id,
    kind: dataRequestKindSchema.parse(row.kind),
    complianceType: complianceTypeSchema.parse(row.complianceType),
    disclosureType: disclosureTypeSchema.parse(row.disclosureType),
    status: dataRequestStatusSchema.parse(row.status),
    distinctIds: identifiersSchema.parse(row.distinctIds),
    distinctIdCount: row.distinctIdCount,
    requestedBy: row.requestedBy,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    startsAt: result?.type === 'staging' ? new Date(result.startsAt).toISOString() : null,
    progress: result?.type === 'erasing' ? result.progress : null,
    reason: result?.type === 'failed' ? result.reason : null,
    receipt: result?.type === 'erased' ? result.receipt : null,
    link:
      result?.type === 'ready' && result.expiresAt > now
        ? {
            path: links.pathOf(row.id, result.expiresAt),
            expiresAt: new Date(result.expiresAt).toISOString(),
          }
        : null,
  };
}
