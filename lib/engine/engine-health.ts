/** Whether a broker answers, and how old what is shown of it is. */
export interface EngineHealth {
  reachable: boolean;
  /** Since when it has been so; milliseconds since 1970. */
  sinceMs: number;
  /** Why it is not reachable; null: it is. */
  reason: string | null;
  /** The moment of the newest figures; null: there are none yet. */
  figuresAtMs: number | null;
  /** Calls that have waited for more than a second, the longest first. */
  slow: { command: string; waitingMs: number }[];
}
