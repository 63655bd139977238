/** A clock that never turns back, from ticks that are 32 bits of milliseconds and wrap after 24 days and again after 49. The
 * nRF52's are made of 32 bits of 1/1024 s, and end a day earlier than 32 bits would. */

const NRF52_SKIPS_MS = 2 ** 32 - (2 ** 32 * 1000) / 1024;

export function monotonic(ticks: () => number): () => number {
  let last = ticks();
  let now = 0;
  return () => {
    const tick = ticks();
    // A shorter way round than half the circle is the way forward.
    let passed = (tick - last) | 0;
    // Nobody looks as seldom as once a day.
    if (passed >= NRF52_SKIPS_MS) passed -= NRF52_SKIPS_MS;
    if (passed > 0) {
      now += passed;
      last = tick;
    }
    return now;
  };
}
