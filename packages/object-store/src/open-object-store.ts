import path from 'node:path';
import { openFolderStore } from './folder-store.ts';
import { type ObjectStore, ObjectStoreError } from './object-store.ts';
import { openS3Store } from './s3-store.ts';

export interface ObjectStoreConfig {
  /** `file:/PATH` or `s3://bucket/prefix` (ARBOR_OBJECTS). */
  readonly address: string;
  /** Of an S3 store that is not Amazon's (ARBOR_S3_ENDPOINT). */
  readonly endpoint?: string | undefined;
  /** AWS_REGION; stores that are not Amazon's mostly take any. */
  readonly region?: string | undefined;
}

/** What an address says; BAD_ADDRESS tells the operator what to write instead. */
export type ParsedAddress =
  | { readonly type: 'folder'; readonly root: string }
  | { readonly type: 's3'; readonly bucket: string; readonly prefix: string };

export function parseObjectStoreAddress(address: string): ParsedAddress {
  const root = /^file:(?:\/\/)?(\/.*)$/.exec(address)?.[1];
  if (root !== undefined) return { type: 'folder', root: path.resolve(root) };
  const [, bucket, given = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{2,62})(?:\/(.*))?$/.exec(address) ?? [];
  if (bucket !== undefined) {
    const prefix = given.replace(/^\/+|\/+$/g, '');
    return { type: 's3', bucket, prefix: prefix === '' ? '' : `${prefix}/` };
  }
  throw new ObjectStoreError(
    'BAD_ADDRESS',
    `${JSON.stringify(address)} is no address of an object store: write file:/absolute/path or s3://bucket/prefix`,
  );
}

/** Opens the store of an address. Credentials of S3 are found as AWS tools find them. */
export async function openObjectStore(config: ObjectStoreConfig): Promise<ObjectStore> {
  const parsed = parseObjectStoreAddress(config.address);
  if (parsed.type === 'folder') return openFolderStore(parsed.root);
  const { bucket, prefix } = parsed;
  const { endpoint, region = 'us-east-1' } = config;
  return openS3Store({ bucket, prefix, region, ...(endpoint === undefined ? {} : { endpoint }) });
}
