/** Whose word counts about where a request comes from: addresses and networks, as WARREN_TRUSTED_PROXIES names them. */
import { BlockList, isIP, isIPv4 } from 'node:net';

const IPV4_IN_IPV6 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

export class TrustedProxies {
  private readonly list = new BlockList();

  /** @throws Error with the first entry that is no address and no network. */
  constructor(entries: readonly string[] = []) {
    for (const entry of entries) {
      const [address = '', prefix, ...rest] = entry.split('/');
      const family = familyOf(address);
      const bits = prefix === undefined ? bitsOf(family) : Number(prefix);
      const isGood = family !== null && rest.length === 0 && /^\d{1,3}$/.test(prefix ?? '0') && bits <= bitsOf(family);
      if (!isGood) throw new Error(`'${entry}' is no address and no network, such as 10.0.0.1, 10.0.0.0/8 or fd00::/8`);
      this.list.addSubnet(address, bits, family);
    }
  }

  /** `address` is one that `plainAddress` gave. */
  has(address: string): boolean {
    const family = familyOf(address);
    return family !== null && this.list.check(address, family);
  }
}

/** An address in the one form that it is kept and counted in, without port, brackets and zone; null: it is none. */
export function plainAddress(text: string): string | null {
  const bare = text.trim();
  const host = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare)?.[1] ?? /^([\d.]+):\d{1,5}$/.exec(bare)?.[1] ?? bare;
  const address = host.replace(/%.*$/s, '');
  if (isIP(address) === 0) return null;
  return isIPv4(address) ? address : shortIpv6(address);
}

/** An IPv6 address as URLs write it; an IPv4 address inside of one as such. */
function shortIpv6(address: string): string {
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return IPV4_IN_IPV6.exec(short)?.[1] ?? short;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address);
  return version === 0 ? null : version === 4 ? 'ipv4' : 'ipv6';
}

function bitsOf(family: 'ipv4' | 'ipv6' | null): number {
  return family === 'ipv4' ? 32 : 128;
}
