/** What `bench page` hangs into the page: text, because a benchmark knows no document. Moments are dates, as the kiosk's are. */

/** Each press by the moment of the input itself; each chip that was pending and is no more, by the picture that shows it; of each
 * tumbling of the dice the pictures. */
export const WATCH = `(() => {
  const seen = { presses: [], shown: [], tumbles: [] };
  globalThis.seen = seen;
  document.addEventListener("click", (event) => {
    seen.presses.push(Date.now() - (performance.now() - event.timeStamp));
  }, true);
  let pending = 0;
  let isTumbling = false;
  new MutationObserver(() => {
    const now = document.querySelectorAll(".chip.pending").length;
    // This runs within the frame that draws it.
    if (now < pending) setTimeout(() => seen.shown.push(Date.now()), 0);
    pending = now;
    const tumbles = document.querySelector(".stage.tumbling") !== null;
    if (tumbles && !isTumbling) watchTumble();
    isTumbling = tumbles;
  }).observe(document.getElementById("page"), { subtree: true, childList: true, attributes: true, characterData: true });
  function watchTumble() {
    const frames = [];
    seen.tumbles.push(frames);
    const next = (at) => {
      frames.push(at);
      if (isTumbling) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }
})()`;

export interface PageSeen {
  readonly presses: readonly number[];
  readonly shown: readonly number[];
  /** Of each, the moments of its pictures, in milliseconds. */
  readonly tumbles: readonly (readonly number[])[];
}

export const SEEN = "globalThis.seen";

/** All that was seen, once more than so many chips were shown. */
export const shownMore = (count: number): string => `new Promise((resolve) => {
  const look = () => seen.shown.length > ${count} ? resolve(seen) : setTimeout(look, 5);
  look();
})`;

/** Milliseconds from the navigation to the first picture that has anything on it. */
export const FIRST_PAINT = `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0`;

/** Bytes that came for it, as they came. */
export const FIRST_SIZE = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;
