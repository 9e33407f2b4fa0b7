import { currentDesk } from '@/lib/console/current-desk.ts';
import { peerAddress } from '@/lib/console/peer.ts';
import { currentLog, errorText } from '@/lib/log.ts';
import { answer } from '@/lib/management/answer.ts';
import { failureOf } from '@/lib/management/failure.ts';
import { sentPath } from '@/lib/management/sent-path.ts';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  try {
    return await answer(currentDesk(), request, sentPath(request), peerAddress(request.headers));
  } catch (error) {
    const { status, error: code, message } = failureOf(error, request.method);
    if (status === 500) currentLog()('error', `api: the request could not be taken: ${errorText(error)}`);
    return Response.json({ error: code, reason: message }, { status });
  }
}

export { handle as DELETE, handle as GET, handle as POST, handle as PUT };
