import { API_ROUTES } from '@/lib/management/api-routes.ts';
import { openApi } from '@/lib/management/openapi.ts';
import { running } from '@/lib/running.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  try {
    const { compatibleWith } = await running().desk.engine.overview();
    return Response.json(openApi(API_ROUTES, compatibleWith));
  } catch {
    return Response.json({ error: 'service_unavailable', reason: 'the broker is not running' }, { status: 503 });
  }
}
