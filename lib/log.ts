/** Lines for people and their collectors: time, level, text. Errors and warnings go to stderr. Never a secret. */
import type { LogThreshold } from './config.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type Log = (level: LogLevel, text: string) => void;

const RANKS: Record<LogThreshold, number> = { debug: 0, info: 1, warning: 2, error: 3, none: 4 };

export function createLog(threshold: LogThreshold): Log {
  return (level, text) => {
    if (RANKS[level] < RANKS[threshold]) return;
    const line = `${new Date().toISOString()} ${level} ${text}`;
    if (RANKS[level] >= RANKS.warning) console.error(line);
    else console.log(line);
  };
}
