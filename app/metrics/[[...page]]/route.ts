import { currentEngine } from '@/lib/engine/slot.ts';
import { answerScrape } from '@/lib/prometheus/scrape.ts';

export const dynamic = 'force-dynamic';

/** What Prometheus scrapes, for who has no other port to it. */
export async function GET(request: Request): Promise<Response> {
  const { status, headers, body } = await answerScrape(
    currentEngine(),
    new URL(request.url),
    request.headers.get('accept-encoding'),
  );
  return new Response(new Uint8Array(body), { status, headers });
}
