/** What a page of metrics looks like without its values: families with their types and label names. */
export interface Family {
  type: string;
  /** The sets of label names, one text each: "queue,vhost". None for a family without series. */
  labels: Set<string>;
}

export function familiesOf(page: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let last: Family | undefined;
  for (const line of page.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) {
      last = { type, labels: new Set() };
      families.set(name, last);
    } else if (line !== '' && !line.startsWith('#')) last?.labels.add(labelNames(line));
  }
  return families;
}

/** `le` and `quantile` are of the type, not of the family. */
function labelNames(line: string): string {
  const labels = /^[^{ ]+\{(.*)\}/.exec(line)?.[1] ?? '';
  const names = [...labels.matchAll(/(?:^|,)([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g)].map(([, name]) => name as string);
  return names
    .filter((name) => name !== 'le' && name !== 'quantile')
    .sort()
    .join(',');
}

/** One line a difference: `missing family x`, `additional family x`, `type of x: …, not …`, `labels of x: …, not …`. */
export function familyDifferences(theirs: Map<string, Family>, ours: Map<string, Family>): string[] {
  const missing = [...theirs].flatMap(([name, family]) => {
    const own = ours.get(name);
    if (own === undefined) return [`missing family ${name}`];
    const type = own.type === family.type ? [] : [`type of ${name}: ${own.type}, not ${family.type}`];
    const [found, wanted] = [own, family].map(({ labels }) => [...labels].sort().join(' or '));
    return found === wanted ? type : [...type, `labels of ${name}: ${found}, not ${wanted}`];
  });
  const additional = [...ours.keys()].filter((name) => !theirs.has(name)).map((name) => `additional family ${name}`);
  return [...missing, ...additional];
}
