/** Figures in sentences. */

export function countText(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

export function rateText(rate: number): string {
  return `${rate >= 10 ? Math.round(rate).toLocaleString('en') : rate.toFixed(1)}/s`;
}

export function bytesText(size: number): string {
  if (size >= 2 ** 30) return `${(size / 2 ** 30).toFixed(1)} GiB`;
  if (size >= 2 ** 20) return `${Math.round(size / 2 ** 20)} MiB`;
  return size >= 2 ** 10 ? `${Math.round(size / 2 ** 10)} KiB` : `${size} B`;
}
