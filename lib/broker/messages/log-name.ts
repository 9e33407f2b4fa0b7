/** Logs are named after the queue or exchange whose messages they hold; further lanes of a queue have their number behind it. */

export function laneLogName(id: string, lane: number): string {
  return lane === 0 ? id : `${id}.${lane}`;
}

/** The identity of the queue or exchange that a log belongs to. */
export function ownerOfLog(name: string): string {
  return name.replace(/\.\d+$/, '');
}
