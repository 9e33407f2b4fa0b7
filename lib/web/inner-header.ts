/**
 * Names of the headers in which a request carries, from the front to the doors, what Warren knows of it. Random for each
 * run, so that no client can write one. On globalThis, because instrumentation and routes are bundled apart.
 */
import { randomBytes } from 'node:crypto';

declare global {
  var warrenInnerHeaders: string | undefined;
}

export function innerHeader(name: string): string {
  globalThis.warrenInnerHeaders ??= randomBytes(9).toString('hex');
  return `x-warren-${globalThis.warrenInnerHeaders}-${name}`;
}
