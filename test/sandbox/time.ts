/** Time as the sandbox has it: the machine's, or one that a simulation moves on. */
export interface Time {
  /** ms since the epoch. */
  now(): number;
  /** Does it once so many ms have passed, unless what it gives is called before. */
  after(ms: number, work: () => void): () => void;
}

export const machineTime: Time = {
  now: () => Date.now(),
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
