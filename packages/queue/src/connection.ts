import { Redis } from 'ioredis';
import { queueLimits } from './limits.ts';

type OnError = (error: Error) => void;

const retryStrategy = (attempt: number): number =>
  Math.min(attempt * 50, queueLimits.reconnectMsMax);

/**
 * For whoever must tell a client at once that Redis is away: nothing waits in memory, a command that
 * was in flight when the connection broke is rejected and never sent again by itself.
 */
export function createProducerConnection(url: string, onError: OnError): Redis {
  const connection = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: queueLimits.commandTimeoutMs,
    connectTimeout: queueLimits.connectTimeoutMs,
    retryStrategy,
  });
  connection.on('error', onError);
  return connection;
}

/** For workers: they wait as long as Redis is away. BullMQ demands `maxRetriesPerRequest: null`. */
export function createConsumerConnection(url: string, onError: OnError): Redis {
  const connection = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: queueLimits.connectTimeoutMs,
    retryStrategy,
  });
  connection.on('error', onError);
  return connection;
}

/** Resolves when the connection can be used; rejects when it was closed for good. */
export function whenReady(connection: Redis): Promise<void> {
  if (connection.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const done = (): void => {
      connection.off('ready', onReady);
      connection.off('end', onEnd);
    };
    const onReady = (): void => (done(), resolve());
    const onEnd = (): void => (done(), reject(new Error('the redis connection was closed')));
    connection.on('ready', onReady);
    connection.on('end', onEnd);
  });
}

/** Ends a connection without waiting for commands that may never be answered. */
export function closeConnection(connection: Redis): void {
  connection.disconnect();
}
