import { currentLog, errorText } from '@/lib/log.ts';
import { answer } from '@/lib/management/answer.ts';
import { failureOf } from '@/lib/management/failure.ts';
import { running } from '@/lib/running.ts';
import { pastNext } from '@/lib/web/compression.ts';
import { peerIn } from '@/lib/web/peer.ts';
import { sentPath } from '@/lib/web/sent-path.ts';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  try {
    return pastNext(await answer(running().desk, request, sentPath(request, '/api'), peerIn(request.headers).address));
  } catch (error) {
    const { status, error: code, message } = failureOf(error, request.method);
    if (status === 500) currentLog()('error', `api: the request could not be taken: ${errorText(error)}`);
    return Response.json({ error: code, reason: message }, { status });
  }
}

export { handle as DELETE, handle as GET, handle as POST, handle as PUT };
