/** What is said of each queue, exchange, channel and connection, in RabbitMQ's names; and the sums of it. */
import { setImmediate } from 'node:timers/promises';
import { type Columns, OBJECT_COLUMNS, type ObjectFigures, type ObjectKind } from '../engine/figures.ts';
import { CHANNEL_FIGURES } from '../figures/channel-figures.ts';
import { CONNECTION_FIGURES } from '../figures/connection-figures.ts';
import { EXCHANGE_FIGURES } from '../figures/exchange-figures.ts';
import { type Family, type Figure, type Figures, termsOf } from '../figures/figure.ts';
import { QUEUE_FIGURES } from '../figures/queue-figures.ts';
import { type Exposition, labelText } from './exposition.ts';
import { familyName } from './family-name.ts';

/** A family with the columns that are added up in it. */
interface ObjectFamily extends Family {
  kind: Figure['kind'];
  columns: readonly number[];
}

const FAMILIES: Readonly<Record<ObjectKind, readonly ObjectFamily[]>> = {
  queues: familiesOf('queues', QUEUE_FIGURES),
  exchanges: familiesOf('exchanges', EXCHANGE_FIGURES),
  channels: familiesOf('channels', CHANNEL_FIGURES),
  connections: familiesOf('connections', CONNECTION_FIGURES),
};

function familiesOf(of: ObjectKind, figures: Figures): ObjectFamily[] {
  return Object.entries(figures).flatMap(([name, figure]) => {
    const columns = termsOf(name, figure).add.map((column) => OBJECT_COLUMNS[of].indexOf(column));
    return figure.families.map((family) => ({ ...family, kind: figure.kind, columns }));
  });
}

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
      FAMILIES[kind].some((family) => isIn(family, groups)) || groups.some((group) => CLUSTER_KINDS[group] === kind),
  );
}

/** All groups about these kinds. */
export function groupsOf(kinds: readonly ObjectKind[]): string[] {
  return [...new Set(kinds.flatMap((kind) => FAMILIES[kind].flatMap((family) => family.groups)))];
}

/** One series a family. */
export function writeSums(page: Exposition, objects: ObjectFigures, kinds: readonly ObjectKind[]): void {
  for (const kind of kinds) {
    const { values } = objects[kind];
    const width = OBJECT_COLUMNS[kind].length;
    const sums = new Float64Array(width);
    for (let i = 0; i < values.length; i++) {
      const column = i % width;
      sums[column] = (sums[column] as number) + (values[i] as number);
    }
    for (const family of FAMILIES[kind]) {
      const value = family.columns.reduce((sum, column) => sum + (sums[column] as number), 0);
      page.single(familyName('rabbitmq_', family), family.kind, family.help, value);
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
    const chosen = FAMILIES[kind].filter((family) => isIn(family, groups));
    if (chosen.length === 0) continue;
    const width = OBJECT_COLUMNS[kind].length;
    const labels = labelsOf(kind, objects[kind]);
    for (const family of chosen) {
      const name = familyName(prefix, family);
      const { values } = objects[kind];
      page.family(name, family.kind, family.help);
      for (const [row, text] of labels.entries()) {
        if (text === null) continue;
        let value = 0;
        for (const column of family.columns) value += values[row * width + column] as number;
        page.labelled(name, text, value);
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
    const width = OBJECT_COLUMNS.exchanges.length;
    const column = OBJECT_COLUMNS.exchanges.indexOf('bindings');
    each('rabbitmq_cluster_exchange_bindings', 'Number of bindings for an exchange', (index) => {
      return exchanges.values[index * width + column] ?? 0;
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

function isIn({ groups }: Family, wanted: readonly string[]): boolean {
  return groups.some((group) => wanted.includes(group));
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
