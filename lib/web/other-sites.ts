import { peerIn } from './peer.ts';
import { Refusal } from './refusal.ts';

/**
 * A page of another site may send requests with our cookie, or with a password that the browser remembers; the browser
 * says where they come from. Programs say nothing, and are believed.
 */
export function refuseOtherSites(request: Request): void {
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const foreign =
    site === null
      ? origin !== null && URL.parse(origin)?.host !== hostOf(request)
      : site !== 'same-origin' && site !== 'none';
  if (foreign) throw new Refusal('CROSS_SITE', 'requests from other sites are refused');
}

/** The name of this site as the client knows it; a proxy before Warren may call it by another. */
function hostOf({ headers }: Request): string | null {
  return (peerIn(headers).host ?? headers.get('host'))?.toLowerCase() ?? null;
}
