/** What JSON looks like without its values: the kinds and keys that it has, and how two of them differ. */

type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export interface Shape {
  kinds: Set<Kind>;
  /** The fields of the value's objects, all of them together. */
  fields: Map<string, Field>;
  /** The shape of all elements of the value's arrays; undefined: all are empty, or there is none. */
  elements: Shape | undefined;
}

interface Field {
  shape: Shape;
  /** In every one of the objects. */
  isAlways: boolean;
}

/** Objects whose keys are names that somebody chose: what they have in common is the shape of their values. */
const BY_NAME = new Set([
  'arguments',
  'capabilities',
  'client_properties',
  'cluster_state',
  'definition',
  'effective_policy_definition',
  'headers',
  'limits',
  'open_files',
  'readers',
  'value',
]);
const ANY_NAME = '<name>';

/** `key` is under which the value stands. */
export function shapeOf(value: unknown, key = ''): Shape {
  const shape: Shape = { kinds: new Set([kindOf(value)]), fields: new Map(), elements: undefined };
  if (Array.isArray(value)) shape.elements = together(value.map((element) => shapeOf(element)));
  else if (typeof value === 'object' && value !== null) shape.fields = fieldsOf(value, key);
  return shape;
}

function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : (typeof value as Kind);
}

function fieldsOf(value: object, key: string): Map<string, Field> {
  const shapes = Object.entries(value).map(([name, field]) => [name, shapeOf(field, name)] as const);
  if (!BY_NAME.has(key)) return new Map(shapes.map(([name, shape]) => [name, { shape, isAlways: true }]));
  const any = together(shapes.map(([, shape]) => shape));
  return new Map(any && [[ANY_NAME, { shape: any, isAlways: true }]]);
}

/** One shape of all the shapes; undefined when there is none. */
function together(shapes: Shape[]): Shape | undefined {
  if (shapes.length === 0) return undefined;
  const objects = shapes.filter(({ kinds }) => kinds.has('object'));
  const names = new Set(objects.flatMap(({ fields }) => [...fields.keys()]));
  const fields = [...names].map((name): [string, Field] => {
    const found = objects.flatMap(({ fields }) => fields.get(name) ?? []);
    const shape = together(found.map((field) => field.shape)) as Shape;
    return [name, { shape, isAlways: found.length === objects.length && found.every(({ isAlways }) => isAlways) }];
  });
  return {
    kinds: new Set(shapes.flatMap(({ kinds }) => [...kinds])),
    fields: new Map(fields),
    elements: together(shapes.flatMap(({ elements }) => elements ?? [])),
  };
}

/**
 * How ours differs from theirs, one line a difference: `missing queue.node`, `sometimes missing …`, `additional …`,
 * `type …: string, not null`. `[]` in a path stands for every element.
 */
export function shapeDifferences(theirs: Shape, ours: Shape, path = ''): string[] {
  const [wanted, found] = [theirs, ours].map(({ kinds }) => [...kinds].sort().join(' or ')) as [string, string];
  const differences = wanted === found ? [] : [`type ${path || 'body'}: ${found}, not ${wanted}`];
  for (const [name, field] of theirs.fields) {
    const own = ours.fields.get(name);
    const place = path === '' ? name : `${path}.${name}`;
    if (own === undefined) {
      if (ours.kinds.has('object')) differences.push(`missing ${place}`);
      continue;
    }
    if (field.isAlways && !own.isAlways) differences.push(`sometimes missing ${place}`);
    differences.push(...shapeDifferences(field.shape, own.shape, place));
  }
  if (theirs.kinds.has('object'))
    for (const name of ours.fields.keys())
      if (!theirs.fields.has(name)) differences.push(`additional ${path === '' ? name : `${path}.${name}`}`);
  if (theirs.elements && ours.elements)
    differences.push(...shapeDifferences(theirs.elements, ours.elements, `${path}[]`));
  else if (theirs.elements && ours.kinds.has('array')) differences.push(`empty ${path}[]`);
  else if (ours.elements && theirs.kinds.has('array')) differences.push(`filled ${path}[]`);
  return differences;
}
