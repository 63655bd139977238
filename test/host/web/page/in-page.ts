/** What is asked of a page from within: text, because tests know no document. */

/** What still moves towards an end, and has ended. */
export const AT_REST = `Promise.allSettled(
  document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished),
).then(() => undefined)`;

/** Lines of what the checker finds, once it has been loaded. */
export const VIOLATIONS = `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 160) + " " + failureSummary)))`;

/** Things to press that a finger would miss, with their sizes. */
export const SMALL_TARGETS = `[...document.querySelectorAll("button, a[href]")].flatMap((each) => {
  const { width, height } = each.getBoundingClientRect();
  const isThere = each.checkVisibility({ visibilityProperty: true }) && each.closest("[inert]") === null;
  const look = each.className + " " + (each.textContent ?? "").slice(0, 20) + " " + width.toFixed(1) + "x" + height.toFixed(1);
  return isThere && (width < 43.99 || height < 43.99) ? [look] : [];
})`;

/** Things to press whose middle is covered by something else, or lies beside the screen. */
export const COVERED = `[...document.querySelectorAll(".room button")].flatMap((each) => {
  const { left, top, width, height } = each.getBoundingClientRect();
  const scroller = each.closest(".beside, .great, .tabs, .seats, .card");
  if (!each.checkVisibility() || each.closest("[inert]") !== null) return [];
  if (scroller !== null && (scroller.scrollHeight > scroller.clientHeight || scroller.scrollWidth > scroller.clientWidth)) return [];
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && (each.contains(hit) || hit.contains(each)) ? [] : [each.className + " under " + hit?.className];
})`;

/** How much wider the page is than the screen. */
export const OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** What has the focus, in a word. */
export const FOCUSED = `(() => {
  const { activeElement } = document;
  const code = activeElement.getAttribute("data-code");
  return code === null ? activeElement.className.split(" ")[0] : "bet " + code;
})()`;

/** Text whose contrast with the least favourable colour behind it is below 4.5, or below 3 where it is large. Gradients count with
 * each of their colours, which the checker leaves to people. */
export const FAINT = `(() => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], under) => [r, g, b].map((part, at) => part * a + under[at] * (1 - a));
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const extremes = (colours) => {
    const sorted = [...colours].sort((a, b) => light(a) - light(b));
    return sorted.length <= 2 ? sorted : [sorted[0], sorted.at(-1)];
  };
  const behind = (element) => {
    if (element === null) return [[0, 0, 0]];
    let under = behind(element.parentElement);
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const plain = parse(backgroundColor);
    if (plain[3] > 0) under = under.map((each) => over(plain, each));
    for (const layer of backgroundImage.split(/,\\s*(?=[a-z-]*gradient)/).reverse()) {
      const stops = (layer.match(/rgba?\\([^)]*\\)/g) ?? []).map(parse);
      if (stops.length > 0) under = extremes(stops.flatMap((stop) => under.map((each) => over(stop, each))));
    }
    return under;
  };
  const faint = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.nodeValue.trim();
    if (text === "" || element.closest("[inert], .hidden") !== null || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const size = Number.parseFloat(fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5;
    const worst = Math.min(...behind(element).map((under) => contrast(over(parse(color), under), under)));
    if (worst < least) faint.set(element.className + " on " + element.parentElement.className, text.slice(0, 24) + " " + worst.toFixed(2));
  }
  return [...faint].map((each) => each.join(": "));
})()`;
