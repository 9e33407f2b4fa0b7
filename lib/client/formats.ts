const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What is not known is a dash, never a zero. */
const UNKNOWN = '–';

export function formatCount(count: number | bigint | null | undefined): string {
  return count === null || count === undefined ? UNKNOWN : whole.format(count);
}

/** Counts in tight places: 1234 → 1.2k. */
export function formatShort(count: number): string {
  const size = Math.abs(count);
  if (size >= 1e9) return `${trim(count / 1e9)}G`;
  if (size >= 1e6) return `${trim(count / 1e6)}M`;
  if (size >= 1e4) return `${trim(count / 1e3)}k`;
  return whole.format(count);
}

/** Per second, without the unit: below ten with one decimal, so that a slow stream is not called still. */
export function formatRate(rate: number | null | undefined): string {
  if (rate === null || rate === undefined) return UNKNOWN;
  if (rate === 0) return '0';
  if (rate < 0.05) return '<0.1';
  if (rate < 9.95) return oneDecimal.format(rate);
  return formatShort(rate);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${whole.format(bytes)} B`;
  if (bytes < 2 ** 20) return `${trim(bytes / 2 ** 10)} KiB`;
  if (bytes < 2 ** 30) return `${trim(bytes / 2 ** 20)} MiB`;
  return `${trim(bytes / 2 ** 30)} GiB`;
}

/** A length of time in its one or two largest units. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

export function formatAge(atMs: number | null, nowMs: number): string {
  return atMs === null ? UNKNOWN : formatSpan(nowMs - atMs);
}

/** A length of time in milliseconds as a person says it: 60000 → 1 min. Exact or as it is. */
export function formatMilliseconds(ms: number): string {
  if (ms < 1000 || ms % 1000 !== 0) return `${whole.format(ms)} ms`;
  return formatSpan(ms);
}

export function formatClock(atMs: number): string {
  const date = new Date(atMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

export function formatDateTime(atMs: number): string {
  const date = new Date(atMs);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0'));
  return `${day.join('-')} ${formatClock(atMs)}`;
}

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : nouns}`;
}

/** The default exchange has no name. */
export function exchangeLabel(name: string): string {
  return name === '' ? '(default exchange)' : name;
}

function trim(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : 1;
  return value.toFixed(digits).replace(/\.0$/, '');
}
