/** What a piece is an item of: of the text, one value behind the other; else the number of an array, from 0. */
export const WHOLE_TEXT = -1;

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const ARRAY_START = 91;
const BACKSLASH = 92;
const ARRAY_END = 93;
const OBJECT_START = 123;
const OBJECT_END = 125;

export interface JsonPiece {
  readonly of: number;
  /** Empty where it is not kept. */
  readonly text: string;
}

/**
 * Cuts JSON into its values, chunk by chunk and without reading them: the objects that stand in nothing else, and the
 * items of the arrays that stand in nothing but objects. Whether each is one, `JSON.parse` says.
 *
 * Written by hand because parsers of streams give numbers as doubles, which lose digits of what was written.
 */
export class JsonCutter {
  /** Names of fields of the outermost objects. */
  readonly keys = new Set<string>();
  /** Something stands between or behind the values that is none of them. */
  hasMore = false;
  readonly #keeps: (of: number) => boolean;
  /** Open objects around the current array. */
  #objects = 0;
  /** How many objects each array stands in. */
  readonly #depths: number[] = [];
  #isInArray = false;
  /** Open brackets of all kinds inside the item. */
  #inside = 0;
  #isInString = false;
  #isEscaped = false;
  #key = '';
  /** What earlier chunks had of the outermost object and of the item. */
  #object = '';
  #item = '';
  /** Where they go on in this chunk. */
  #objectFrom = 0;
  #itemFrom = 0;

  /** `keeps`: whether the text of its items is wanted, of the text or of an array. */
  constructor(keeps: (of: number) => boolean) {
    this.#keeps = keeps;
  }

  /** Whether a value is not ended. */
  get isOpen(): boolean {
    return this.#objects > 0 || this.#isInArray;
  }

  /** Characters that are kept of values that are not ended. */
  get unended(): number {
    return this.#object.length + this.#item.length;
  }

  /** How many objects an array stands in. */
  depthOf(array: number): number {
    return this.#depths[array] ?? 0;
  }

  /** The pieces that end in the chunk. */
  push(chunk: string): JsonPiece[] {
    const pieces: JsonPiece[] = [];
    this.#objectFrom = 0;
    this.#itemFrom = 0;
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (this.#isInString) this.#readString(chunk, at, code);
      else if (code === QUOTE) this.#beginString();
      else if (code === OBJECT_START || code === ARRAY_START) this.#open(code === ARRAY_START, at);
      else if (code === OBJECT_END || code === ARRAY_END || code === COMMA)
        this.#end(chunk, at, code === COMMA, pieces);
      else if (code === COLON && this.#objects === 1 && !this.#isInArray) this.keys.add(this.#key);
      else if (code > SPACE && !this.isOpen) this.hasMore = true;
    }
    if (this.#isInArray && this.#keeps(this.#array)) this.#item += chunk.slice(this.#itemFrom);
    if (this.#objects > 0 && this.#keeps(WHOLE_TEXT)) this.#object += chunk.slice(this.#objectFrom);
    return pieces;
  }

  get #array(): number {
    return this.#depths.length - 1;
  }

  #beginString(): void {
    this.#isInString = true;
    this.#key = '';
    if (!this.isOpen) this.hasMore = true;
  }

  #readString(chunk: string, at: number, code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) this.#isInString = false;
    if (this.#isInString && this.#objects === 1 && !this.#isInArray) this.#key += chunk[at];
  }

  #open(isArray: boolean, at: number): void {
    if (this.#isInArray) this.#inside++;
    else if (isArray) {
      this.#depths.push(this.#objects);
      this.#isInArray = true;
      this.#itemFrom = at + 1;
    } else if (this.#objects++ === 0) this.#objectFrom = at;
  }

  /** At a comma or a closing bracket. */
  #end(chunk: string, at: number, isComma: boolean, pieces: JsonPiece[]): void {
    if (this.#isInArray && this.#inside > 0) this.#inside -= isComma ? 0 : 1;
    else if (this.#isInArray) this.#endItem(chunk, at, isComma, pieces);
    else if (!isComma && this.#objects > 0 && --this.#objects === 0) {
      const isKept = this.#keeps(WHOLE_TEXT);
      pieces.push({
        of: WHOLE_TEXT,
        text: isKept ? this.#object + chunk.slice(this.#objectFrom, at + 1) : '',
      });
      this.#object = '';
    } else if (!this.isOpen) this.hasMore = true;
  }

  #endItem(chunk: string, at: number, isComma: boolean, pieces: JsonPiece[]): void {
    const text = this.#item + chunk.slice(this.#itemFrom, at);
    const isKept = this.#keeps(this.#array);
    // Nothing between the brackets is no item.
    if (isComma || !isKept || text.trim() !== '') pieces.push({ of: this.#array, text: isKept ? text : '' });
    this.#item = '';
    this.#itemFrom = at + 1;
    this.#isInArray = isComma;
  }
}
