/** When the socket of a connection is dropped, unless it ends before. One at a time: the latest counts. */
import { LIMITS } from '../broker/limits.ts';

export class Deadline {
  private readonly drop: (reason: string, resets: boolean) => void;
  private timer: NodeJS.Timeout | null = null;

  /** `resets`: what the client still sends is not waited for, and the client is told so. */
  constructor(drop: (reason: string, resets: boolean) => void) {
    this.drop = drop;
  }

  set(ms: number, reason: string, resets = false): void {
    this.clear();
    this.timer = setTimeout(() => this.drop(reason, resets), ms);
  }

  clear(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** How long a client has for its close-ok that may say nothing for so long, where 0 is for ever. [rabbit: rabbit_reader] */
export function closeOkMs(silenceMs: number): number {
  return silenceMs === 0 ? LIMITS.closeOkMsMax : Math.min(silenceMs, LIMITS.closeOkMsMax);
}
