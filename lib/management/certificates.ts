/** Whether the certificates of the AMQPS port will do for long enough. */
import type { CertificateFile } from '../engine/certificates.ts';
import { badRequest } from './failure.ts';

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = {
  days: DAY_MS,
  weeks: 7 * DAY_MS,
  months: (365 / 12) * DAY_MS,
  years: 365 * DAY_MS,
};

/** A length of time in milliseconds; refused in RabbitMQ's words where it is none. */
export function periodMs(within: string, unit: string): number {
  if (!/^[+-]?\d+$/.test(within)) throw badRequest('Invalid expiration value.');
  const unitMs = Object.hasOwn(UNITS, unit.toLowerCase()) ? UNITS[unit.toLowerCase()] : undefined;
  if (unitMs === undefined) throw badRequest('Time unit not recognised. Supported units: days, weeks, months, years.');
  return Number(within) * unitMs;
}

/** The ends that come before `untilMs`, as RabbitMQ writes them. */
export function endsBefore(file: CertificateFile | null, untilMs: number, nowMs: number): string[] {
  return (file?.validity ?? []).flatMap((one) => {
    if (one.fromMs > nowMs) return ['Certificate is not yet valid'];
    return one.untilMs < untilMs ? [timeText(one.untilMs)] : [];
  });
}

/** "2027-01-01 0:00:00" */
function timeText(atMs: number): string {
  const [date, time] = new Date(atMs).toISOString().split('T') as [string, string];
  return `${date} ${time.slice(0, 8).replace(/^0/, '')}`;
}
