/** The key of what has its name in a vhost. */
export function placeKey({ vhost, name }: { vhost: string; name: string }): string {
  return `${vhost}\0${name}`;
}
