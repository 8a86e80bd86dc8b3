import { Chance } from '../sandbox/chance.ts';

/** What a seed decides. */
export class Draw extends Chance {
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.whole(0, choices.length - 1)] ?? choices[0];
  }

  /** `undefined` but for this probability. */
  perhaps<T>(probability: number, draw: () => T): T | undefined {
    return this.happens(probability) ? draw() : undefined;
  }

  times<T>(count: number, draw: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => draw(index));
  }

  /** Another one that follows from this one's seed, so that what it decides changes nothing here. */
  branch(): Draw {
    return new Draw(this.next() * 2 ** 32);
  }
}
