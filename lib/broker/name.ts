import { InvalidSetting } from './invalid-setting.ts';
import { LIMITS } from './limits.ts';

/** Throws InvalidSetting for a name that cannot be kept or sent. */
export function checkName(kind: string, name: string): void {
  if (name === '') throw new InvalidSetting(`the name of a ${kind} cannot be empty`);
  if (Buffer.byteLength(name) > LIMITS.nameBytesMax) {
    throw new InvalidSetting(`the name of a ${kind} cannot have more than ${LIMITS.nameBytesMax} bytes`);
  }
  // No database keeps it in a text.
  if (name.includes('\0')) throw new InvalidSetting(`the name of a ${kind} cannot contain U+0000`);
}
