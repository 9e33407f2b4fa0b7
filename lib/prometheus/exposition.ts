/**
 * Writes Prometheus' text format 0.0.4: families with their type and help, then one line a series. The caller gives
 * every family once and every series once: a page with two of a kind is refused as a whole.
 */

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Values by name; written in this order. */
export type Labels = Readonly<Record<string, string>>;

export type FamilyType = 'counter' | 'gauge' | 'histogram' | 'untyped';

export class Exposition {
  private readonly lines: string[] = [];

  family(name: string, type: FamilyType, help: string): void {
    this.lines.push(`# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`);
  }

  series(name: string, labels: Labels, value: number): void {
    this.labelled(name, labelText(labels), value);
  }

  /** A line with labels that `labelText` made, for callers that have many series with the same labels. */
  labelled(name: string, labels: string, value: number): void {
    this.lines.push(`${name}${labels} ${numberText(value)}\n`);
  }

  /** A family of one series. */
  single(name: string, type: FamilyType, help: string, value: number, labels: Labels = {}): void {
    this.family(name, type, help);
    this.series(name, labels, value);
  }

  /** The text since the last call. */
  take(): string {
    return this.lines.splice(0).join('');
  }
}

/** `{vhost="/",queue="a"}`; empty without labels. */
export function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return /[\\"\n]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n') : value;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
