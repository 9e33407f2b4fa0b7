import { openApi } from '@/lib/management/openapi.ts';
import { ENTRIES } from '@/lib/management/table.ts';
import { running } from '@/lib/running.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  try {
    const { compatibleWith } = await running().desk.engine.overview({ user: '' });
    return Response.json(openApi(ENTRIES, compatibleWith));
  } catch {
    return Response.json({ error: 'service_unavailable', reason: 'the broker is not running' }, { status: 503 });
  }
}
