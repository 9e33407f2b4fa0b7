import { apiPage } from '@/lib/management/api-page.ts';
import { API_ROUTES } from '@/lib/management/api-routes.ts';
import { openApi } from '@/lib/management/openapi.ts';
import { running } from '@/lib/running.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  try {
    const { compatibleWith } = await running().desk.engine.overview();
    const page = apiPage(openApi(API_ROUTES, compatibleWith));
    return new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  } catch {
    return new Response('the broker is not running', { status: 503 });
  }
}
