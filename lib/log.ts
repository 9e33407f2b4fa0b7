/**
 * What the process says: lines of time, level and text for people and their collectors, errors and warnings on stderr.
 * Never a secret. Nothing else writes to the terminal.
 */
import { Console } from 'node:console';
import { format, stripVTControlCharacters } from 'node:util';
import type { LogThreshold } from './config.ts';

export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type Log = (level: LogLevel, text: string) => void;

declare global {
  // Instrumentation, routes and pages are bundled apart.
  var warrenLog: Log | undefined;
}

const RANKS: Record<LogThreshold, number> = { debug: 0, info: 1, warning: 2, error: 3, none: 4 };
const terminal = new Console(process.stdout, process.stderr);

export function createLog(threshold: LogThreshold): Log {
  return (level, text) => {
    if (RANKS[level] < RANKS[threshold]) return;
    const line = `${new Date().toISOString()} ${level} ${oneLine(text)}`;
    if (RANKS[level] >= RANKS.warning) terminal.error(line);
    else terminal.log(line);
  };
}

/** The log of this process, for those who are not handed one. */
export function currentLog(): Log {
  globalThis.warrenLog ??= createLog('info');
  return globalThis.warrenLog;
}

export function setLog(log: Log): void {
  globalThis.warrenLog = log;
}

/**
 * Lines for whoever starts the process, whatever the threshold: where everything is, on stdout; why it cannot start, on
 * stderr.
 */
export const startLines = {
  begun: (text: string): void => terminal.log(text),
  refused: (text: string): void => terminal.error(text),
};

/**
 * From now on what others print, such as the pages' framework, comes as lines of the log too; small talk with its
 * details.
 */
export function captureConsole(): void {
  const levels = { debug: 'debug', log: 'debug', info: 'debug', warn: 'warning', error: 'error' } as const;
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, LogLevel][]) {
    console[method] = (...values: unknown[]) => {
      const text = stripVTControlCharacters(format(...values)).trim();
      if (text !== '') currentLog()(level, text);
    };
  }
}

/** For the log: with its stack, where it has one. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Names that clients choose are in what is logged: no name may look like another line, or move a terminal's cursor. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (char) => {
    if (char === '\n') return '\\n';
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
