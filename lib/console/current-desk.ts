import { currentRecords } from '../auth/slot.ts';
import { DeadLetterQueues } from '../deadletter/dead-letter-queues.ts';
import { EngineError } from '../engine/errors.ts';
import { currentEngine } from '../engine/slot.ts';
import { currentMetrics } from '../metrics/slot.ts';
import { currentPrometheus } from '../prometheus/slot.ts';
import { type Desk, Listings } from './desk.ts';
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
    const listings = new Listings(engine);
    // Who is told of a change and asks must not get a list from before.
    engine.watch(() => listings.forget());
    desk = {
      engine,
      metrics,
      audit: records.audit,
      sessions: records.sessions,
      signIns: records.signIns,
      listings,
      events,
      deadLetterQueues: new DeadLetterQueues(engine),
      prometheusPort: currentPrometheus().port,
    };
  }
  return desk;
}
