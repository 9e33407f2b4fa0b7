/** What is known of a key that was pressed, by the browser or by React. */
interface KeyPress {
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  defaultPrevented: boolean;
  target: EventTarget | null;
}

/** Whether a key can mean something to the page: with a modifier it is the browser's, in a field it is typed. */
export function isPlainKey({ ctrlKey, metaKey, altKey, defaultPrevented, target }: KeyPress): boolean {
  return !ctrlKey && !metaKey && !altKey && !defaultPrevented && !isField(target);
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
