export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
}

/** amqp://user:password@host:port/vhost, each part optional; the vhost is percent-encoded, "/" when there is none. */
export function brokerAddress(url: string): BrokerAddress {
  const { protocol, hostname, port, username, password, pathname } = new URL(url);
  if (protocol !== 'amqp:') throw new Error(`${url}: an address must begin with amqp://`);
  return {
    host: hostname.replace(/^\[|\]$/g, '') || '127.0.0.1',
    port: port === '' ? 5672 : Number(port),
    user: decodeURIComponent(username) || 'guest',
    password: decodeURIComponent(password) || 'guest',
    vhost: pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : '/',
  };
}
