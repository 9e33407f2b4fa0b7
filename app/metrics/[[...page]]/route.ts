import { answerScrape } from '@/lib/prometheus/scrape.ts';
import { running } from '@/lib/running.ts';
import { pastNext } from '@/lib/web/compression.ts';
import { peerIn } from '@/lib/web/peer.ts';
import { sentPath } from '@/lib/web/sent-path.ts';

export const dynamic = 'force-dynamic';

/** What Prometheus scrapes, for who has no other port to it. */
export async function GET(request: Request): Promise<Response> {
  const { desk, metricsPerObject } = running();
  const { status, headers, body } = await answerScrape(desk.facts, metricsPerObject, {
    path: `/metrics${sentPath(request, '/metrics')}`,
    parameters: new URL(request.url).searchParams,
    acceptEncoding: request.headers.get('accept-encoding'),
    address: peerIn(request.headers).address,
  });
  return pastNext(new Response(new Uint8Array(body), { status, headers }));
}
