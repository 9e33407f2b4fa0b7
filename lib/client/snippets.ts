/** The same declaration in a client's language. */
import { plainTable, type TypedTable } from './fields.ts';

interface QueueSnippetInput {
  name: string;
  durable: boolean;
  autoDelete: boolean;
  arguments: TypedTable;
}

export const SNIPPET_LANGUAGES = ['JavaScript', 'Python'] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

export function queueSnippet(language: SnippetLanguage, queue: QueueSnippetInput): string {
  const table = plainTable(queue.arguments);
  if (language === 'JavaScript') {
    const options = {
      durable: queue.durable,
      autoDelete: queue.autoDelete,
      ...(queue.arguments.length === 0 ? {} : { arguments: table }),
    };
    return `// amqplib\nawait channel.assertQueue(${JSON.stringify(queue.name)}, ${javaScript(options)});`;
  }
  const lines = [
    `    ${python(queue.name)},`,
    `    durable=${python(queue.durable)},`,
    `    auto_delete=${python(queue.autoDelete)},`,
    ...(queue.arguments.length === 0 ? [] : [`    arguments=${python(table, 4)},`]),
  ];
  return `# pika\nchannel.queue_declare(\n${lines.join('\n')}\n)`;
}

/** JSON with bare keys where JavaScript allows them. */
function javaScript(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(/"([A-Za-z_]\w*)":/g, '$1:');
}

function python(value: unknown, indent = 0): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const pad = ' '.repeat(indent);
  const entries = Object.entries(value).map(
    ([name, entry]) => `${pad}    ${JSON.stringify(name)}: ${python(entry, indent + 4)},`,
  );
  return entries.length === 0 ? '{}' : `{\n${entries.join('\n')}\n${pad}}`;
}
