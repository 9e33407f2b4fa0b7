/** A number from 0 to 2^32 - 1 that is the same for the same text, here and after any restart. Short texts spread well. */
export function hashText(text: string): number {
  // FNV-1a, one step a code unit
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** Spreads a hash over all 32 bits: what differs in one bit differs in half of them afterwards. */
export function mix(hash: number): number {
  // The last step of MurmurHash3
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return mixed >>> 0;
}
