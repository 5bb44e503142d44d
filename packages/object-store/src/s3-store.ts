import type * as Sdk from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import path from 'node:path';
import { writeDurably } from './durable-file.ts';
import {
  badRange,
  checkKey,
  notFound,
  type ObjectInfo,
  type ObjectStore,
  ObjectStoreError,
} from './object-store.ts';

export interface S3Options {
  readonly bucket: string;
  /** Before every key: "" or a path that ends with "/". */
  readonly prefix: string;
  /** Of a store that is not Amazon's; such are asked with the bucket in the path. */
  readonly endpoint?: string;
  readonly region: string;
  /** Absent: found as AWS tools find them (variables, files, the machine's role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Keys a page of a list, for tests. */
  readonly pageSize?: number;
}

/** Attempts of one call before it fails; the SDK waits longer each time. */
const attemptsMax = 4;
const connectMs = 5000;
/** A socket on which nothing moves for this long is given up. */
const silentMs = 30_000;
/** What S3 takes in one multi-delete. */
const deletesMax = 1000;

/** Objects in a bucket of anything that speaks the S3 API with conditional writes (`If-None-Match`). */
export async function openS3Store(options: S3Options): Promise<ObjectStore> {
  // We test on Node 20 ourselves; the SDK would print a warning into every log.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // Loaded here, because a process with a folder store would carry 20 MB of it for nothing.
  const sdk = await import('@aws-sdk/client-s3');
  const { endpoint, region, credentials } = options;
  const client = new sdk.S3Client({
    region,
    maxAttempts: attemptsMax,
    requestHandler: { connectionTimeout: connectMs, socketTimeout: silentMs },
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return new S3Store(sdk, client, options);
}

class S3Store implements ObjectStore {
  readonly description: string;
  readonly #sdk: typeof Sdk;
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #pageSize: number | undefined;

  constructor(sdk: typeof Sdk, client: S3Client, { bucket, prefix, pageSize }: S3Options) {
    this.description = `s3://${bucket}/${prefix}`;
    this.#sdk = sdk;
    this.#client = client;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#pageSize = pageSize;
  }

  async put(
    key: string,
    bytes: Uint8Array,
    { ifAbsent = false }: { ifAbsent?: boolean } = {},
  ): Promise<'stored' | 'exists'> {
    const condition = ifAbsent ? { IfNoneMatch: '*' } : {};
    const command = new this.#sdk.PutObjectCommand({ ...this.#at(key), Body: bytes, ...condition });
    try {
      await this.#client.send(command);
      return 'stored';
    } catch (error) {
      if (ifAbsent && statusOf(error) === 412) return 'exists';
      throw translate(key, error);
    }
  }

  async get(key: string): Promise<Uint8Array> {
    const { Body: body } = await this.#read(key);
    return translated(key, () => body.transformToByteArray());
  }

  async getRange(key: string, offset: number, length: number): Promise<Uint8Array> {
    if (length === 0) return new Uint8Array(0);
    const { Body: body } = await this.#read(key, `bytes=${offset}-${offset + length - 1}`).catch(
      (error: unknown) => {
        const isBeyond = error instanceof ObjectStoreError && statusOf(error.cause) === 416;
        throw isBeyond ? badRange(key, offset, length) : error;
      },
    );
    const bytes = await translated(key, () => body.transformToByteArray());
    if (bytes.length !== length) throw badRange(key, offset, length);
    return bytes;
  }

  async download(key: string, target: string): Promise<void> {
    const { Body: body, ContentLength: length } = await this.#read(key);
    await translated(key, () =>
      writeDurably(target, whole(body as AsyncIterable<Uint8Array>, length, key), {
        temporaryFolder: path.dirname(target),
      }),
    );
  }

  async #read(
    key: string,
    range?: string,
  ): Promise<GetObjectCommandOutput & { Body: NonNullable<GetObjectCommandOutput['Body']> }> {
    const input = range === undefined ? this.#at(key) : { ...this.#at(key), Range: range };
    const output = await translated(key, () =>
      this.#client.send(new this.#sdk.GetObjectCommand(input)),
    );
    if (output.Body === undefined) throw cutOff(key);
    return { ...output, Body: output.Body };
  }

  async *list(prefix: string): AsyncIterable<ObjectInfo> {
    let token: string | undefined;
    do {
      const command = new this.#sdk.ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: this.#prefix + prefix,
        ...(this.#pageSize === undefined ? {} : { MaxKeys: this.#pageSize }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      });
      const page = await translated(prefix, () => this.#client.send(command));
      for (const { Key: key = '', Size: size = 0, LastModified: modifiedAt } of page.Contents ??
        []) {
        yield {
          key: key.slice(this.#prefix.length),
          size,
          // An object of unknown age is new: nobody deletes it for its age.
          modifiedAt: modifiedAt ?? new Date(),
        };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async delete(keys: readonly string[]): Promise<void> {
    const named = keys.map((key) => ({ Key: this.#at(key).Key }));
    for (let start = 0; start < named.length; start += deletesMax) {
      const command = new this.#sdk.DeleteObjectsCommand({
        Bucket: this.#bucket,
        Delete: { Objects: named.slice(start, start + deletesMax), Quiet: true },
      });
      const { Errors: errors = [] } = await translated('to delete', () =>
        this.#client.send(command),
      );
      const [first] = errors.filter(({ Code: code }) => code !== 'NoSuchKey');
      if (first !== undefined) {
        throw new ObjectStoreError(
          'UNAVAILABLE',
          `object ${first.Key ?? ''} was not deleted: ${first.Code ?? ''} ${first.Message ?? ''}`,
        );
      }
    }
  }

  localPath(key: string): null {
    checkKey(key);
    return null;
  }

  close(): void {
    this.#client.destroy();
  }

  #at(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }
}

/** Passes on what comes, and fails where the connection ended before the announced length. */
async function* whole(
  body: AsyncIterable<Uint8Array>,
  length: number | undefined,
  key: string,
): AsyncIterable<Uint8Array> {
  let received = 0;
  for await (const chunk of body) {
    received += chunk.length;
    yield chunk;
  }
  if (length !== undefined && received !== length) throw cutOff(key);
}

const cutOff = (key: string): ObjectStoreError =>
  new ObjectStoreError('UNAVAILABLE', `object ${key}: the answer was cut off`);

const statusOf = (error: unknown): number | undefined =>
  (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;

async function translated<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw translate(key, error);
  }
}

function translate(key: string, error: unknown): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const { name, message } = error as Error;
  if (name === 'NoSuchKey') return notFound(key, error);
  const status = statusOf(error);
  // A missing bucket counts as well: it is for the operator to mend.
  const isDenied =
    name === 'CredentialsProviderError' ||
    (status !== undefined && [401, 403, 404].includes(status));
  return new ObjectStoreError(
    isDenied ? 'DENIED' : 'UNAVAILABLE',
    `${key}: ${name}: ${message}`,
    error,
  );
}
