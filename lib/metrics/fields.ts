/** What is kept of the past: the catalogue's figures by their columns. */
import { EXCHANGE_COLUMNS, QUEUE_COLUMNS, TOTAL_COLUMNS } from '../engine/sample.ts';
import { EXCHANGE_FIGURES } from '../figures/exchange-figures.ts';
import { type Figures, termsOf } from '../figures/figure.ts';
import { NODE_FIGURES } from '../figures/node-figures.ts';
import { QUEUE_FIGURES } from '../figures/queue-figures.ts';
import { VHOST_FIGURES } from '../figures/vhost-figures.ts';
import type { SeriesField } from './series.ts';

/** What is kept of a vhost, a queue or an exchange: the sum of columns of its row, by their indexes. */
export interface RowReading extends SeriesField {
  columns: readonly number[];
}

function readingsOf(figures: Figures, all: readonly string[], ofBroker = false): RowReading[] {
  return fieldsOf(figures, ofBroker).map((field) => ({
    ...field,
    columns: termsOf(field.name, figures[field.name] as Figures[string]).add.map((column) => all.indexOf(column)),
  }));
}

function fieldsOf(figures: Figures, ofBroker = false): SeriesField[] {
  return Object.entries(figures)
    .filter(([, { history, isPastOfBroker }]) => history !== null && (ofBroker || !isPastOfBroker))
    .map(([name, { kind, history }]) => ({ name, kind, ...(history === 'tools' && { isForTools: true as const }) }));
}

export const VHOST_READINGS = readingsOf(VHOST_FIGURES, TOTAL_COLUMNS);
/** Readings of the whole broker; figures of the node come behind. */
export const BROKER_READINGS = readingsOf(VHOST_FIGURES, TOTAL_COLUMNS, true);
export const NODE_READINGS = fieldsOf(NODE_FIGURES) as (SeriesField & { name: keyof typeof NODE_FIGURES })[];
export const QUEUE_READINGS = readingsOf(QUEUE_FIGURES, QUEUE_COLUMNS);
export const EXCHANGE_READINGS = readingsOf(EXCHANGE_FIGURES, EXCHANGE_COLUMNS);

/** Counters whose rates pages are told. */
export function pageCounters(readings: readonly RowReading[]): RowReading[] {
  return readings.filter(({ kind, isForTools }) => kind === 'counter' && !isForTools);
}
