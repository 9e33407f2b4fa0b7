/** The method of a request, where Next could not even say that it does not take it. */
import type { IncomingMessage } from 'node:http';

/** Methods that no Request of the Fetch standard can have: Next fails over them before a door could refuse. */
const UNSPEAKABLE: readonly (string | undefined)[] = ['TRACE', 'TRACK', 'CONNECT'];
/** A method that no door has: it is refused with 405, as the others would be. */
const REFUSED = 'PATCH';

/** Call before Next sees the request. */
export function shelterMethod(request: Pick<IncomingMessage, 'method'>): void {
  if (UNSPEAKABLE.includes(request.method?.toUpperCase())) request.method = REFUSED;
}
