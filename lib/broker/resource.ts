/** How RabbitMQ names a thing in an error: `queue 'q' in vhost '/'`. */
export function resourceText(kind: 'queue' | 'exchange', name: string, vhost: string): string {
  return `${kind} '${name}' in vhost '${vhost}'`;
}
