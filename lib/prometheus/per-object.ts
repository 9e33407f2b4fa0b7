/** Pages that name queues, vhosts and clients are asked for without a password: who may have them is a setting. */
import { isOfThisMachine } from '../web/peer.ts';

/** WARREN_METRICS_PER_OBJECT: this machine only, everyone, nobody. */
export type PerObject = 'loopback' | 'everyone' | 'off';

const NAMING: readonly string[] = ['/metrics/per-object', '/metrics/detailed'];

/** Why a page is not for who asks; null: it is. `address` is that of a `Peer`. */
export function perObjectRefusal(path: string, perObject: PerObject, address: string): string | null {
  if (!NAMING.includes(path) || perObject === 'everyone') return null;
  if (perObject === 'loopback' && isOfThisMachine(address)) return null;
  const who = perObject === 'loopback' ? 'only this machine itself may have it' : 'nobody may have it';
  return `${path} names queues, vhosts and clients: by WARREN_METRICS_PER_OBJECT=${perObject} ${who}\n`;
}
