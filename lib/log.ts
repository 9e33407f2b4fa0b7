/** Lines for people and their collectors: time, level, text. Errors and warnings go to stderr. Never a secret. */
import type { LogThreshold } from './config.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type Log = (level: LogLevel, text: string) => void;

const RANKS: Record<LogThreshold, number> = { debug: 0, info: 1, warning: 2, error: 3, none: 4 };

export function createLog(threshold: LogThreshold): Log {
  return (level, text) => {
    if (RANKS[level] < RANKS[threshold]) return;
    const line = `${new Date().toISOString()} ${level} ${oneLine(text)}`;
    if (RANKS[level] >= RANKS.warning) console.error(line);
    else console.log(line);
  };
}

/** Names that clients choose are in what is logged: no name may look like another line, or move a terminal's cursor. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => {
    if (char === '\n') return '\\n';
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
