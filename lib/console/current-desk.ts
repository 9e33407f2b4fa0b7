import { currentRecords } from '../auth/slot.ts';
import { EngineError } from '../engine/errors.ts';
import { currentEngine } from '../engine/slot.ts';
import { Health } from '../health/health.ts';
import { SampledLists } from '../lists/sampled-lists.ts';
import { currentMetrics } from '../metrics/slot.ts';
import { currentPrometheus } from '../prometheus/slot.ts';
import type { Desk } from './desk.ts';
import { currentEvents } from './event-slot.ts';

let desk: Desk | undefined;

/** The desk of the running engine. Throws UNAVAILABLE before the start is through and after the stop. */
export function currentDesk(): Desk {
  const engine = currentEngine();
  const metrics = currentMetrics();
  const records = currentRecords();
  const events = currentEvents();
  if (metrics === undefined || records === undefined || events === undefined)
    throw new EngineError('UNAVAILABLE', 'the broker is not running');
  if (desk?.engine !== engine) {
    desk = {
      engine,
      metrics,
      audit: records.audit,
      sessions: records.sessions,
      signIns: records.signIns,
      lists: new SampledLists(engine, metrics),
      health: new Health(metrics),
      events,
      prometheusPort: currentPrometheus().port,
    };
  }
  return desk;
}
