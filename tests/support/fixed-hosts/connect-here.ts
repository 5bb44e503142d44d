// Loaded before a client: what /etc/hosts and a port of one's own would do. Connections to the hosts of
// ARBOR_TEST_HOSTS go to this machine; the name stays that of the certificate, which is checked as ever.
import { createRequire } from 'node:module';
import type tls from 'node:tls';

const hosts = new Set((process.env['ARBOR_TEST_HOSTS'] ?? '').split(','));
const port = Number(process.env['ARBOR_TEST_HOSTS_PORT']);
/** The object that all users of the module share, unlike the names that an import binds. */
const shared = createRequire(import.meta.url)('node:tls') as typeof tls;
const connect = shared.connect.bind(shared) as (
  options: tls.ConnectionOptions,
  onSecure?: () => void,
) => tls.TLSSocket;

shared.connect = ((options: tls.ConnectionOptions, onSecure?: () => void) => {
  const { host, servername = host } = options;
  if (host === undefined || !hosts.has(host)) throw new Error(`tests do not connect to ${host}`);
  return connect({ ...options, host: '127.0.0.1', port, servername }, onSecure);
}) as typeof tls.connect;
