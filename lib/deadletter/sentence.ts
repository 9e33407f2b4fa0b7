/** An engine's reason, which begins small and has no full stop, as people read it. */
export function asSentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
