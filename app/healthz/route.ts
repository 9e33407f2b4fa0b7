import { running } from '@/lib/running.ts';
import { healthAnswer } from '@/lib/web/health-answer.ts';

export const dynamic = 'force-dynamic';

/** 200 while the broker answers, else 503; since when, and what is slow. */
export function GET(): Promise<Response> {
  return healthAnswer(() => running().desk.engine);
}
