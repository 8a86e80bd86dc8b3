import { open } from 'node:fs/promises';
import { endianness } from 'node:os';

/** https://www.sqlite.org/fileformat2.html#walformat: sizes in bytes, and where things stand in a header. */
const LOG_HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;
const PAGE_SIZE_AT = 8;
const LOG_SALT_AT = 16;
const LOG_SUM_AT = 24;
/** Pages of the file after the commit; 0 in a frame that is not the last one of its transaction. */
const COMMIT_AT = 4;
const SALT_AT = 8;
const SUM_AT = 16;
const LITTLE = endianness() === 'LE';

/** SQLite's default, which the store keeps. */
const PAGE_SIZE = 4096;
/** Frames read at a time. */
const FRAMES_TOGETHER = 256;

/**
 * Commits after a damaged place from which on it is damage. SQLite takes everything after a frame that is not
 * whole for the rest of a crash, and drops it. A power cut can leave a hole in the last transaction, whose end is
 * one commit; a second one was begun only when the first was on disk, hole and all.
 */
const COMMITS_AFTER_DAMAGE = 2;

type Sum = readonly [number, number];

/**
 * The position of damage inside a log of SQLite's (`store.sqlite-wal`), bytes: what stands after it would be lost
 * without a word when the store is opened. `undefined` where there is none, or no log. For a log that nobody writes.
 */
export async function damageInLog(path: string): Promise<number | undefined> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const header = Buffer.alloc(LOG_HEADER);
    if ((await file.read(header, 0, LOG_HEADER, 0)).bytesRead < LOG_HEADER) return undefined;
    let before = storedSum(header, LOG_SUM_AT);
    const isHeaderSound =
      [MAGIC, MAGIC + 1].includes(header.readUInt32BE(0)) &&
      header.readUInt32BE(PAGE_SIZE_AT) === PAGE_SIZE &&
      isSame(sumOf(header.subarray(0, LOG_SUM_AT), [0, 0], isBigEndian(header)), before);
    const bigEndian = isHeaderSound ? isBigEndian(header) : !LITTLE;
    const frameSize = FRAME_HEADER + PAGE_SIZE;
    const salt = header.subarray(LOG_SALT_AT, LOG_SUM_AT);
    // A header that says nothing: its salt stands in every frame as well.
    if (!isHeaderSound) await file.read(salt, 0, salt.length, LOG_HEADER + frameSize + SALT_AT);
    let damage = isHeaderSound ? undefined : 0;
    let commitsAfter = 0;
    const buffer = Buffer.alloc(frameSize * FRAMES_TOGETHER);
    for (let position = LOG_HEADER; ; ) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      for (let at = 0; at + frameSize <= bytesRead; at += frameSize) {
        const frame = buffer.subarray(at, at + frameSize);
        const stored = storedSum(frame, SUM_AT);
        const isSound =
          frame.subarray(SALT_AT, SUM_AT).equals(salt) &&
          isSame(sumOfFrame(frame, before, bigEndian), stored);
        if (!isSound) damage ??= position + at;
        else if (damage !== undefined && frame.readUInt32BE(COMMIT_AT) > 0) commitsAfter += 1;
        if (commitsAfter >= COMMITS_AFTER_DAMAGE) return damage;
        before = stored;
      }
      if (bytesRead < buffer.length) return undefined;
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}

function isBigEndian(header: Buffer): boolean {
  return (header.readUInt32BE(0) & 1) === 1;
}

function sumOfFrame(frame: Buffer, before: Sum, bigEndian: boolean): Sum {
  const ofHeader = sumOf(frame.subarray(0, SALT_AT), before, bigEndian);
  return sumOf(frame.subarray(FRAME_HEADER), ofHeader, bigEndian);
}

/** SQLite's checksum of eight bytes at a time, going on from an earlier one. */
function sumOf(bytes: Buffer, [first, second]: Sum, bigEndian: boolean): Sum {
  let s0 = first;
  let s1 = second;
  // Frames begin at multiples of eight bytes, so all of it can be read as numbers at once.
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const swap = bigEndian === LITTLE;
  for (let at = 0; at < words.length; at += 2) {
    const a = words[at] ?? 0;
    const b = words[at + 1] ?? 0;
    s0 = (s0 + (swap ? swapped(a) : a) + s1) >>> 0;
    s1 = (s1 + (swap ? swapped(b) : b) + s0) >>> 0;
  }
  return [s0, s1];
}

function swapped(word: number): number {
  return ((word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24)) >>> 0;
}

function storedSum(bytes: Buffer, at: number): Sum {
  return [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
}

function isSame(a: Sum, b: Sum): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
