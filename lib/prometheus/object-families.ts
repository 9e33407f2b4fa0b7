/** What is said of each queue, exchange, channel and connection, in RabbitMQ's names; and the sums of it. */
import { setImmediate } from 'node:timers/promises';
import {
  CHANNEL_FIGURES,
  CONNECTION_FIGURES,
  type Columns,
  EXCHANGE_FIGURES,
  type ObjectFigures,
  type ObjectKind,
  QUEUE_FIGURES,
} from '../engine/figures.ts';
import { type Exposition, labelText } from './exposition.ts';
import { FAMILIES, type Family } from './family-table.ts';

const FIGURES: Readonly<Record<ObjectKind, readonly string[]>> = {
  queues: QUEUE_FIGURES,
  exchanges: EXCHANGE_FIGURES,
  channels: CHANNEL_FIGURES,
  connections: CONNECTION_FIGURES,
};

/** Groups about the cluster, not this node: their prefix is rabbitmq_cluster_. */
const CLUSTER_KINDS: Readonly<Record<string, ObjectKind | null>> = {
  vhost_status: null,
  exchange_names: 'exchanges',
  exchange_bindings: 'exchanges',
};

const KINDS = Object.keys(FAMILIES) as ObjectKind[];

const LABELS: Readonly<Record<ObjectKind, (vhost: string, name: string) => Record<string, string>>> = {
  queues: (vhost, queue) => ({ vhost, queue }),
  exchanges: (vhost, exchange) => ({ vhost, exchange }),
  channels: (_, channel) => ({ channel }),
  connections: (_, connection) => ({ connection }),
};

/** The kinds of objects that these groups are about. */
export function kindsOf(groups: readonly string[]): ObjectKind[] {
  return KINDS.filter(
    (kind) =>
      FAMILIES[kind].some(({ group }) => groups.includes(group)) ||
      groups.some((group) => CLUSTER_KINDS[group] === kind),
  );
}

/** All groups about these kinds. */
export function groupsOf(kinds: readonly ObjectKind[]): string[] {
  return [...new Set(kinds.flatMap((kind) => FAMILIES[kind].map(({ group }) => group)))];
}

/** One series a family. */
export function writeSums(page: Exposition, objects: ObjectFigures, kinds: readonly ObjectKind[]): void {
  for (const kind of kinds) {
    const { values } = objects[kind];
    const columns = FIGURES[kind];
    const sums = columns.map(() => 0);
    for (let i = 0; i < values.length; i++) {
      const column = i % columns.length;
      sums[column] = (sums[column] as number) + (values[i] as number);
    }
    for (const { name, type, help, of } of distinct(FAMILIES[kind])) {
      const value = of.reduce((sum, column) => sum + (sums[columns.indexOf(column)] as number), 0);
      page.single(`rabbitmq_${name}`, type, help, value);
    }
  }
}

/** One series an object and family, of the groups that were asked for. Yields the text in pieces. */
export async function* objectTexts(
  page: Exposition,
  objects: ObjectFigures,
  groups: readonly string[],
  prefix: string,
): AsyncGenerator<string> {
  for (const kind of KINDS) {
    const chosen = distinct(FAMILIES[kind].filter(({ group }) => groups.includes(group)));
    if (chosen.length === 0) continue;
    const columns = FIGURES[kind];
    const labels = labelsOf(kind, objects[kind]);
    for (const { name, type, help, of } of chosen) {
      const family = prefix + name;
      const wanted = of.map((column) => columns.indexOf(column));
      const { values } = objects[kind];
      page.family(family, type, help);
      for (const [row, text] of labels.entries()) {
        if (text === null) continue;
        let value = 0;
        for (const column of wanted) value += values[row * columns.length + column] as number;
        page.labelled(family, text, value);
      }
      yield page.take();
      // The console has its turn.
      await setImmediate();
    }
    if (kind === 'queues' && groups.includes('queue_metrics')) writeQueueInfo(page, objects.queues, prefix);
    yield page.take();
  }
}

export function writeCluster(page: Exposition, objects: ObjectFigures, groups: readonly string[]): void {
  const { vhosts, exchanges } = objects;
  if (groups.includes('vhost_status')) {
    page.family('rabbitmq_cluster_vhost_status', 'gauge', 'Whether a given vhost is running');
    for (const vhost of vhosts) page.series('rabbitmq_cluster_vhost_status', { vhost }, 1);
  }
  const each = (name: string, help: string, value: (index: number) => number): void => {
    page.family(name, 'gauge', help);
    for (const [index, exchange] of exchanges.names.entries()) {
      const labels = { vhost: exchanges.vhosts[index] ?? '', exchange, type: exchanges.types[index] ?? '' };
      page.series(name, labels, value(index));
    }
  };
  if (groups.includes('exchange_names')) {
    each('rabbitmq_cluster_exchange_name', 'Enumerates exchanges without any additional info', () => 1);
  }
  if (groups.includes('exchange_bindings')) {
    const width = EXCHANGE_FIGURES.length;
    each('rabbitmq_cluster_exchange_bindings', 'Number of bindings for an exchange', (index) => {
      return exchanges.values[index * width] ?? 0;
    });
  }
}

function writeQueueInfo(page: Exposition, queues: Columns, prefix: string): void {
  page.family(`${prefix}queue_info`, 'gauge', 'A metric with a constant 1 value and labels that describe the queue');
  for (const [index, queue] of queues.names.entries()) {
    const queueType = `rabbit_${queues.types[index]}_queue`;
    const labels = { vhost: queues.vhosts[index] ?? '', queue, queue_type: queueType, membership: 'leader' };
    page.series(`${prefix}queue_info`, labels, 1);
  }
}

/** A name comes once: two groups may have the same family. */
function distinct(list: readonly Family[]): Family[] {
  return list.filter(({ name }, index) => list.findIndex((other) => other.name === name) === index);
}

/** Labels of each object; null for a second object of a name, such as a connection that comes back while it is closed. */
function labelsOf(kind: ObjectKind, { names, vhosts }: Columns): (string | null)[] {
  const seen = new Set<string>();
  return names.map((name, index) => {
    const text = labelText(LABELS[kind](vhosts[index] ?? '', name));
    if (seen.has(text)) return null;
    seen.add(text);
    return text;
  });
}
