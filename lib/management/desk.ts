import type { Desk } from '../console/desk.ts';
import type { RabbitFacts } from '../engine/rabbit-facts.ts';

/** What answering a request of the management API works with. */
export interface ManagementDesk extends Desk {
  facts: RabbitFacts;
}
