/**
 * Who asks: the one rule by which limits, sessions, the audit and everything that is for this machine only know it. The
 * socket has an address; what a proxy says in front of it counts only when that proxy is trusted, hop by hop from the
 * nearest. What came through one that is not trusted is never taken for a request of this machine.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { innerHeader } from './inner-header.ts';
import { plainAddress, type TrustedProxies } from './trusted-proxies.ts';

export interface Peer {
  /**
   * An IP address; 'via ADDRESS' where only the proxy is known; '' when nobody looked. Of this machine only when
   * `isOfThisMachine` says so.
   */
  address: string;
  /** The request came by TLS, as far as is known: a proxy that ends TLS has to be trusted. */
  isSecure: boolean;
  /** Host and port that the client asked for. */
  host: string | null;
}

const NOBODY: Peer = { address: '', isSecure: false, host: null };
/** Headers by which a proxy speaks for somebody else. */
const FORWARDING = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-forwarded-by',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'forwarded',
  'via',
];

/** `socket` is that of the request, its address as Node has it. */
export function peerOf(
  socket: { remoteAddress?: string | undefined; encrypted?: boolean },
  headers: IncomingHttpHeaders,
  trusted: TrustedProxies,
): Peer {
  const nearest = plainAddress(socket.remoteAddress ?? '') ?? '';
  const own = { isSecure: socket.encrypted === true, host: headers.host ?? null };
  if (!FORWARDING.some((name) => headers[name] !== undefined)) return { address: nearest, ...own };
  if (!trusted.has(nearest)) return { address: outside(nearest), ...own };
  const protocol = first(headers['x-forwarded-proto']);
  return {
    address: farthestKnown(nearest, String(headers['x-forwarded-for'] ?? ''), trusted),
    isSecure: protocol === null ? own.isSecure : protocol.toLowerCase() === 'https',
    host: first(headers['x-forwarded-host']) ?? own.host,
  };
}

/** Reads from the right, because each proxy adds the address that asked it: the first that is not trusted is who asks. */
function farthestKnown(nearest: string, forwardedFor: string, trusted: TrustedProxies): string {
  let known = nearest;
  let isLocalSoFar = isOfThisMachine(nearest);
  const hops = forwardedFor.split(',');
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = plainAddress(hops[i] as string);
    if (hop === null) return outside(known);
    // Another machine's loopback is not ours.
    if (isOfThisMachine(hop) && !isLocalSoFar) return outside(known);
    known = hop;
    isLocalSoFar = isOfThisMachine(hop);
    if (!trusted.has(hop)) break;
  }
  return known;
}

/** The address of who spoke for another: what is of this machine must not look so. */
function outside(address: string): string {
  return isOfThisMachine(address) ? `via ${address}` : address;
}

function first(header: string | string[] | undefined): string | null {
  const [text = ''] = String(header ?? '').split(',');
  return text.trim() === '' ? null : text.trim();
}

/** True of an address of this machine itself. */
export function isOfThisMachine(address: string): boolean {
  return address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}

/** Writes into a request who asks, for `peerIn`. */
export function notePeer(headers: IncomingHttpHeaders, peer: Peer): void {
  headers[innerHeader('peer')] = encodeURIComponent(JSON.stringify(peer));
}

/** Who asks; nobody that any rule lets in when nobody looked. */
export function peerIn(headers: Pick<Headers, 'get'>): Peer {
  const noted = headers.get(innerHeader('peer'));
  return noted === null ? NOBODY : (JSON.parse(decodeURIComponent(noted)) as Peer);
}
