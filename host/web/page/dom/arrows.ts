/** Arrow keys on a screen without a mouse: the nearest thing to press in that direction, by where things lie. */

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export type Direction = "left" | "right" | "up" | "down";

/** The place of the box to go to, or -1 where there is none on that side. */
export function nearest(from: Box, boxes: readonly Box[], direction: Direction): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < boxes.length; at++) {
    const distance = distanceTo(from, boxes[at], direction);
    if (distance < least) {
      best = at;
      least = distance;
    }
  }
  return best;
}

/** Straight on counts once, aside counts more: a row is left only where it ends. */
function distanceTo(from: Box, to: Box, direction: Direction): number {
  const [dx, dy] = [middleX(to) - middleX(from), middleY(to) - middleY(from)];
  const isSideways = direction === "left" || direction === "right";
  const ahead = direction === "left" ? -dx : direction === "right" ? dx : direction === "up" ? -dy : dy;
  if (ahead <= 1) return Number.POSITIVE_INFINITY;
  const gap = isSideways
    ? gapBetween(from.top, from.height, to.top, to.height)
    : gapBetween(from.left, from.width, to.left, to.width);
  return ahead + ASIDE_WEIGHT * gap + Math.abs(isSideways ? dy : dx) / ASIDE_WEIGHT;
}

const ASIDE_WEIGHT = 4;

const middleX = ({ left, width }: Box): number => left + width / 2;
const middleY = ({ top, height }: Box): number => top + height / 2;

/** 0 where they overlap. */
const gapBetween = (start: number, size: number, otherStart: number, otherSize: number): number =>
  Math.max(0, Math.max(start, otherStart) - Math.min(start + size, otherStart + otherSize));
