/** A clock that never turns back, from ticks that are 32 bits of milliseconds and wrap after 24 days and again after 49. */

export function monotonic(ticks: () => number): () => number {
  let last = ticks();
  let now = 0;
  return () => {
    const tick = ticks();
    // A shorter way round than half the circle is the way forward.
    const passed = (tick - last) | 0;
    if (passed > 0) {
      now += passed;
      last = tick;
    }
    return now;
  };
}
