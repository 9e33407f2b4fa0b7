import type { Identities } from '../engine/actor.ts';
import type { EngineHealth } from '../engine/engine-health.ts';

/** What /healthz says, for whoever watches over the process. */
interface HealthBody {
  status: 'ok' | 'unavailable';
  /** Since when it has been so. */
  since?: string;
  /** Why it is not reachable. */
  reason?: string;
  /** Commands that have waited for more than a second, the longest first. */
  slow?: { command: string; waitingMs: number }[];
}

/** 200 while the broker answers, else 503. `find` throws before there is an engine and after its end. */
export async function healthAnswer(
  find: () => Pick<Identities, 'identity'> & { health(): EngineHealth },
): Promise<Response> {
  try {
    const engine = find();
    const answers = await engine.identity('').then(
      () => true,
      () => false,
    );
    const { sinceMs, reason, slow } = engine.health();
    const facts = {
      since: new Date(sinceMs).toISOString(),
      ...(reason !== null && { reason }),
      ...(slow.length > 0 && { slow: slow.map((call) => ({ ...call, waitingMs: Math.round(call.waitingMs) })) }),
    };
    return answers ? said(200, { status: 'ok', ...facts }) : said(503, { status: 'unavailable', ...facts });
  } catch {
    return said(503, { status: 'unavailable' });
  }
}

function said(status: number, body: HealthBody): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } });
}
