import { cookies } from 'next/headers';
import { SESSION_COOKIE, sessionId } from '@/lib/auth/sessions.ts';
import { clusterIn } from '@/lib/clusters.ts';
import { answer } from '@/lib/console/answer.ts';
import { refusalOf } from '@/lib/console/refusal.ts';
import { currentLog, errorText } from '@/lib/log.ts';
import { running } from '@/lib/running.ts';
import { pastNext } from '@/lib/web/compression.ts';
import { peerIn } from '@/lib/web/peer.ts';
import { sentPath } from '@/lib/web/sent-path.ts';

export const dynamic = 'force-dynamic';

async function handle(request: Request): Promise<Response> {
  try {
    const { clusters, desk, sessions } = running();
    const { id, path } = clusterIn(sentPath(request, '/console-api'));
    const jar = await cookies();
    const token = jar.get(SESSION_COOKIE)?.value;
    const { address: remoteAddress, isSecure } = peerIn(request.headers);
    const answered = await answer({ ...desk, ...clusters.cluster(id) }, request, path, {
      remoteAddress,
      user: token === undefined ? null : await sessions.user(token),
      sessionId: token === undefined ? null : sessionId(token),
      isSignedIn: async () => token !== undefined && (await sessions.lasts(token)),
      async setSession(user) {
        if (token !== undefined) await sessions.end(token);
        const begun =
          user === null
            ? undefined
            : await sessions.begin(user, {
                remoteAddress,
                userAgent: request.headers.get('user-agent') ?? '',
              });
        if (begun === undefined) jar.delete(SESSION_COOKIE);
        // Without an age it ends with the browser; the session itself ends some hours after its last use.
        else
          jar.set(SESSION_COOKIE, begun.token, {
            httpOnly: true,
            sameSite: 'lax',
            path: '/',
            secure: isSecure,
          });
      },
    });
    return pastNext(answered);
  } catch (error) {
    const { status, body } = refusalOf(error);
    if (status === 500) currentLog()('error', `console: the request could not be taken: ${errorText(error)}`);
    return Response.json(body, { status });
  }
}

export { handle as DELETE, handle as GET, handle as POST };
