/**
 * The part of the port that monitoring reads: everything that the broker counts, at one moment. Nobody is named: what
 * is in it is for whoever may reach the port for monitoring.
 */

import { CHANNEL_FIGURES } from '../figures/channel-figures.ts';
import { CONNECTION_FIGURES } from '../figures/connection-figures.ts';
import type { DeathReason } from '../figures/death-reason.ts';
import { EXCHANGE_FIGURES } from '../figures/exchange-figures.ts';
import { counterNames, type Figures, gaugeNames } from '../figures/figure.ts';
import { QUEUE_FIGURES } from '../figures/queue-figures.ts';
import type { TrafficCounters } from '../figures/traffic-figures.ts';
import type { VhostCounters } from '../figures/vhost-figures.ts';

/** Messages of one type of queue since the broker's start. */
export interface TypeFigures extends TrafficCounters {
  /** Dead letters by reason of death: without an exchange to go to, sent, and kept until they have arrived. */
  dead: Record<DeathReason, DeathFigures>;
  /** Dead letters that were kept until they had arrived, and have. */
  deadConfirmed: number;
}

export interface DeathFigures {
  disabled: number;
  atMostOnce: number;
  atLeastOnce: number;
}

export interface LoginFigures {
  succeeded: number;
  failed: number;
}

/** Figures of the whole broker. Counters are since its start. */
export interface BrokerFigures {
  node: string;
  clusterName: string;
  /** Stays the same for as long as the data does. */
  clusterId: string;
  version: string;
  compatibleWith: string;
  startedAtMs: number;
  nowMs: number;
  alarms: { memory: boolean; disk: boolean };
  /** What is measured of all vhosts together, as far as Prometheus is told of it. */
  measured: Record<'connections' | 'channels' | 'consumers' | 'publishers' | 'queues', number>;
  counters: VhostCounters;
  traffic: Record<'classic' | 'quorum' | 'stream', TypeFigures>;
  /** How many bodies fit each bound but none before it, in bytes; the last bound is Infinity. */
  sizes: { bounds: number[]; counts: number[]; sum: number };
  logins: { amqp091: LoginFigures; http: LoginFigures };
  /** Publishers are blocked when less is free. */
  diskFreeBytes: number;
  diskFreeBytesMin: number;
  /** Publishers are blocked when the process holds more. */
  memoryBytesMax: number;
}

/** What is said of each object, by its kind: measured, then counted. */
export const OBJECT_COLUMNS: Readonly<Record<ObjectKind, readonly string[]>> = {
  queues: columnsOf(QUEUE_FIGURES),
  exchanges: columnsOf(EXCHANGE_FIGURES),
  channels: columnsOf(CHANNEL_FIGURES),
  connections: columnsOf(CONNECTION_FIGURES),
};

function columnsOf(figures: Figures): string[] {
  return [...gaugeNames(figures), ...counterNames(figures)];
}

/** Objects of one kind as columns, because there may be many thousands. */
export interface Columns {
  names: string[];
  /** The vhost of each object; empty where that says nothing. */
  vhosts: string[];
  types: string[];
  /** One row an object. */
  values: Float64Array;
}

/** Objects of the vhosts that were asked for. */
export interface ObjectFigures {
  queues: Columns;
  exchanges: Columns;
  channels: Columns;
  connections: Columns;
  vhosts: string[];
}

export type ObjectKind = Exclude<keyof ObjectFigures, 'vhosts'>;

export interface Monitoring {
  figures(): Promise<BrokerFigures>;
  /** Objects of these kinds; the others are empty. Without `vhosts`: of all. Taken in slices: messages do not wait. */
  objectFigures(kinds: ObjectKind[], vhosts?: string[]): Promise<ObjectFigures>;
}

/** The commands of Monitoring by name; the table has to be complete. */
export const MONITORING: Record<keyof Monitoring, true> = { figures: true, objectFigures: true };
