/** A semaphore for one waiter. At most `max` permits are taken at the same time. */
type Semaphore = {
  /** Resolves when a permit is free. */
  readonly available: () => Promise<void>;
  /** Takes a permit as soon as one is free. */
  readonly acquire: () => Promise<void>;
  readonly release: () => void;
};

export const semaphore = (max: number): Semaphore => {
  let taken = 0;
  let onRelease = () => {};
  const available = async () => {
    if (taken === max) await new Promise<void>((resolve) => (onRelease = resolve));
  };
  return {
    available,
    acquire: async () => {
      await available();
      taken += 1;
    },
    release: () => {
      taken -= 1;
      onRelease();
    },
  };
};
