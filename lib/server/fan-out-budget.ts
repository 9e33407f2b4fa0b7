/**
 * How many copies of messages are made before the event loop goes on. One chunk of publishes to a fanout exchange with
 * a thousand queues is a million of them: everybody else would wait for seconds, and no alarm be raised meanwhile.
 */
import { LIMITS } from '../broker/limits.ts';

export class FanOutBudget {
  private spent = 0;

  /** True: enough were made in this round of the event loop. */
  spend(copies: number): boolean {
    if (this.spent === 0) setImmediate(this.renew);
    this.spent += copies;
    return this.spent > LIMITS.copiesPerRound;
  }

  private readonly renew = (): void => {
    this.spent = 0;
  };
}
