import { running } from '@/lib/running.ts';

export const dynamic = 'force-dynamic';

/** 200 while the broker answers, else 503. */
export async function GET(): Promise<Response> {
  try {
    await running().desk.engine.identity('');
    return Response.json({ status: 'ok' });
  } catch {
    return Response.json({ status: 'unavailable' }, { status: 503 });
  }
}
