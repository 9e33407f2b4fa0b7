/** Adds every number of `from` to the one at the same place of `into`, in whatever is nested in them. */
export function addNumbers<T extends object>(into: T, from: T): void {
  for (const name of Object.keys(from) as (keyof T)[]) {
    const more = from[name];
    if (typeof more === 'number') into[name] = ((into[name] as number) + more) as T[keyof T];
    else if (typeof more === 'object' && more !== null) addNumbers(into[name] as object, more);
  }
}
