/** Which differences are listed, and which of the listed ones have been seen. */
import type { Difference } from './differences.ts';

interface Line {
  text: string;
  reason: string;
  isSeen: boolean;
  fits(recording: string, difference: string): boolean;
}

export class DifferenceBook {
  private readonly lines: readonly Line[];

  constructor(listed: readonly Difference[]) {
    this.lines = listed.flatMap(({ reason, differences, of = ['*'] }) => {
      const recordings = of.map(patternOf);
      return differences.map((text): Line => {
        const pattern = patternOf(text);
        const fits = (recording: string, difference: string) =>
          pattern.test(difference) && recordings.some((one) => one.test(recording));
        return { text, reason, isSeen: false, fits };
      });
    });
  }

  /** The differences that no line lists. */
  unlisted(recording: string, differences: readonly string[]): string[] {
    return differences.filter((found) => {
      // A row of a list is like the object alone.
      const difference = found.replace(/^([a-z ]+ )(?:items)?\[\]\./, '$1');
      const fitting = this.lines.filter(({ fits }) => fits(recording, difference));
      for (const line of fitting) line.isSeen = true;
      return fitting.length === 0;
    });
  }

  /** Lines that fitted nothing. */
  unseen(): string[] {
    return this.lines.filter(({ isSeen }) => !isSeen).map(({ text, reason }) => `${text} (${reason})`);
  }
}

function patternOf(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
