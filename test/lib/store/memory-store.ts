import type { LogTerms, MessageLog, MessageStore } from '../../../lib/broker/ports.ts';
import { MemoryLog } from './memory-log.ts';

/** Keeps messages for as long as the process lives. Nothing is ever on its way to a disk, so `sync` has nothing to wait for. */
export class MemoryStore implements MessageStore {
  private readonly logs = new Map<string, MemoryLog>();
  private bytesUsed = 0;
  private isLow = false;
  private readonly bytesMax: number;

  /** Publishers must wait while the messages hold more than `bytesMax`, and then until a tenth of it is free. */
  constructor(bytesMax = Number.POSITIVE_INFINITY) {
    this.bytesMax = bytesMax;
  }

  get bytesLeft(): number {
    return Math.max(0, this.bytesMax - this.bytesUsed);
  }

  get low(): 'memory' | null {
    this.isLow = this.bytesUsed > (this.isLow ? this.bytesMax * 0.9 : this.bytesMax);
    return this.isLow ? 'memory' : null;
  }

  get bytes(): number {
    return this.bytesUsed;
  }

  open(name: string, _durable?: boolean, terms: LogTerms = {}): MessageLog {
    const known = this.logs.get(name);
    if (known) return known;
    const log = new MemoryLog((bytes) => {
      this.bytesUsed += bytes;
    }, terms);
    this.logs.set(name, log);
    return log;
  }

  delete(name: string): void {
    this.logs.get(name)?.drop();
    this.logs.delete(name);
  }

  readonly orphaned = null;

  finishRecovery(): void {}

  beforeDeliveries(): void {}

  sync(): undefined {
    return undefined;
  }
}
