import type { MessageLog, MessageStore } from '../broker/ports.ts';
import { MemoryLog } from './memory-log.ts';

/** Keeps messages for as long as the process lives. Nothing is ever on its way to a disk, so `sync` has nothing to wait for. */
export class MemoryStore implements MessageStore {
  private readonly logs = new Map<string, MemoryLog>();
  private held = 0;

  get bytes(): number {
    return this.held;
  }

  open(name: string): MessageLog {
    const known = this.logs.get(name);
    if (known) return known;
    const log = new MemoryLog((bytes) => {
      this.held += bytes;
    });
    this.logs.set(name, log);
    return log;
  }

  delete(name: string): void {
    this.logs.get(name)?.drop();
    this.logs.delete(name);
  }

  sync(): undefined {
    return undefined;
  }
}
