/** Who tells the events of this process. On globalThis, because instrumentation and routes are bundled apart. */
import type { EventHub } from './event-hub.ts';

declare global {
  var warrenEvents: EventHub | undefined;
}

/** Undefined before the start is through and after the stop. */
export function currentEvents(): EventHub | undefined {
  return globalThis.warrenEvents;
}

export function setEvents(events: EventHub | undefined): void {
  globalThis.warrenEvents = events;
}
