/**
 * A figure: something that is counted or measured, with everything that is said of it. The tables of figures in this
 * room are the catalogue: counters, samples, histories, rates, the management API, Prometheus and charts derive from
 * them what they count and tell. Pure: no import.
 */

/** Names of figures that are added up, less some others. */
export interface Terms<N extends string = string> {
  add: readonly N[];
  less?: readonly N[];
}

/** A family of series for Prometheus. */
export interface Family {
  /** The family's name without its prefix. */
  name: string;
  help: string;
  /** What /metrics/detailed calls the family's groups. */
  groups: readonly string[];
  /** RabbitMQ has no such family. */
  isOwn?: true;
}

export interface Figure {
  /** A counter grows from the broker's start on, a gauge may fall. */
  kind: 'gauge' | 'counter';
  unit:
    | 'messages'
    | 'bytes'
    | 'requests'
    | 'packets'
    | 'connections'
    | 'channels'
    | 'consumers'
    | 'queues'
    | 'exchanges'
    | 'bindings'
    | 'parts';
  /** The figure's name on pages and charts. */
  words: string;
  /** The path under which answers of RabbitMQ's management API tell what this entry says; null: none takes it from here. */
  rabbit: string | null;
  /** What Prometheus is told; empty: nothing. */
  families: readonly Family[];
  /** Who may ask for the figure's past: pages (and tools), or tools alone; null: the past is not kept. */
  history: 'pages' | 'tools' | null;
  /** The title of the chart that shows the figure on its object's page. */
  chart?: string;
  /** The way of messages: into the broker, or out of it. */
  way?: 'in' | 'out';
  /** The figures of this table that this one is made of; left out: it is counted or measured itself. */
  from?: Terms;
  /** The figure is counted by type of queue, and added up. */
  isByType?: true;
  /** The figure is told when somebody asks; left out: every sample has it. */
  isSampled?: false;
  /** The figure's past is kept of the whole broker alone. */
  isPastOfBroker?: true;
}

export type Figures = Readonly<Record<string, Figure>>;

/** Names of the figures that are counted themselves. */
export type CounterName<F> = Exclude<NameOf<F, 'counter'>, ByTypeName<F>>;
export type ByTypeName<F> = { [N in keyof F]: F[N] extends { isByType: true } ? N : never }[keyof F] & string;
/** Names of the figures that are measured themselves. */
export type GaugeName<F> = NameOf<F, 'gauge'>;
export type SampledGauge<F> = {
  [N in GaugeName<F>]: F[N] extends { isSampled: false } ? never : N;
}[GaugeName<F>];

type NameOf<F, Kind> = {
  [N in keyof F]: F[N] extends { from: unknown } ? never : F[N] extends { kind: Kind } ? N : never;
}[keyof F] &
  string;

/** What is counted of one thing. */
export type Counters<F> = { -readonly [N in keyof F as N extends CounterName<F> ? N : never]: number };

/** What pages are told of counters: per second. */
export type Rates<F> = {
  -readonly [N in keyof F as F[N] extends { kind: 'counter'; history: 'pages' } ? N : never]: number;
};

export function counterNames<F extends Figures>(figures: F): CounterName<F>[] {
  return plainNames(figures, 'counter').filter((name) => !figures[name]?.isByType) as CounterName<F>[];
}

export function byTypeNames<F extends Figures>(figures: F): ByTypeName<F>[] {
  return Object.keys(figures).filter((name) => figures[name]?.isByType) as ByTypeName<F>[];
}

export function gaugeNames<F extends Figures>(figures: F): GaugeName<F>[] {
  return plainNames(figures, 'gauge') as GaugeName<F>[];
}

export function sampledGauges<F extends Figures>(figures: F): SampledGauge<F>[] {
  return plainNames(figures, 'gauge').filter((name) => figures[name]?.isSampled !== false) as SampledGauge<F>[];
}

function plainNames(figures: Figures, kind: Figure['kind']): string[] {
  return Object.entries(figures)
    .filter(([, figure]) => figure.kind === kind && figure.from === undefined)
    .map(([name]) => name);
}

/** Counters before anything was counted. A copy of them is as fast to count in as fields of a class: all copies have one shape. */
export function zeros<F extends Figures>(figures: F): Counters<F> {
  return Object.fromEntries(counterNames(figures).map((name) => [name, 0])) as Counters<F>;
}

/** What a figure is made of: itself, where it is counted or measured. */
export function termsOf(name: string, { from }: Figure): Terms {
  return from ?? { add: [name] };
}

export function sumOf<N extends string>({ add, less = [] }: Terms<N>, of: (name: N) => number): number {
  let value = 0;
  for (const name of add) value += of(name);
  for (const name of less) value -= of(name);
  return value;
}

/** Last parts of the paths that RabbitMQ's API has in that group. */
export type RabbitName<F, Group extends string> = {
  [N in keyof F]: F[N] extends { rabbit: `${Group}.${infer R}` } ? R : never;
}[keyof F];

/** A figure under the name that it has in a group of RabbitMQ's API. */
export interface RabbitFigure<N extends string = string, R extends string = string> {
  rabbit: R;
  name: N;
  figure: Figure;
}

export function rabbitFigures<F extends Figures, Group extends string>(
  figures: F,
  group: Group,
): RabbitFigure<keyof F & string, RabbitName<F, Group>>[] {
  const start = `${group}.`;
  return Object.entries(figures).flatMap(([name, figure]) =>
    figure.rabbit?.startsWith(start)
      ? [{ rabbit: figure.rabbit.slice(start.length) as RabbitName<F, Group>, name, figure }]
      : [],
  );
}
