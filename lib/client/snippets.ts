/** The same declaration in a client's language. Arguments of queues are texts, flags and integers. */
import { fieldText, type TypedField, type TypedTable } from './fields.ts';

interface QueueSnippetInput {
  name: string;
  durable: boolean;
  autoDelete: boolean;
  arguments: TypedTable;
}

export const SNIPPET_LANGUAGES = ['JavaScript', 'Python'] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

export function queueSnippet(language: SnippetLanguage, queue: QueueSnippetInput): string {
  return language === 'JavaScript' ? javaScript(queue) : python(queue);
}

function javaScript({ name, durable, autoDelete, arguments: table }: QueueSnippetInput): string {
  const entries = table.map(({ name: key, field }) => `    ${propertyName(key)}: ${javaScriptValue(field)}`);
  const lines = [
    `  durable: ${durable}`,
    `  autoDelete: ${autoDelete}`,
    ...(table.length === 0 ? [] : [`  arguments: {\n${entries.join(',\n')}\n  }`]),
  ];
  return `// amqplib\nawait channel.assertQueue(${JSON.stringify(name)}, {\n${lines.join(',\n')}\n});`;
}

/** A property's name, without quotes where JavaScript allows it. */
function propertyName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

function javaScriptValue(field: TypedField): string {
  // A number of JavaScript would be another one.
  if (field.type === 'l' && !Number.isSafeInteger(Number(field.value)))
    return `{ '!': 'long', value: ${field.value}n }`;
  return field.type === 'S' ? JSON.stringify(field.value) : fieldText(field);
}

function python({ name, durable, autoDelete, arguments: table }: QueueSnippetInput): string {
  const entries = table.map(({ name: key, field }) => `        ${JSON.stringify(key)}: ${pythonValue(field)},`);
  const lines = [
    `    ${JSON.stringify(name)},`,
    `    durable=${pythonFlag(durable)},`,
    `    auto_delete=${pythonFlag(autoDelete)},`,
    ...(table.length === 0 ? [] : [`    arguments={\n${entries.join('\n')}\n    },`]),
  ];
  return `# pika\nchannel.queue_declare(\n${lines.join('\n')}\n)`;
}

function pythonValue(field: TypedField): string {
  if (field.type === 't') return pythonFlag(field.value);
  return field.type === 'S' ? JSON.stringify(field.value) : fieldText(field);
}

function pythonFlag(value: boolean): string {
  return value ? 'True' : 'False';
}
