/** Keys and physical buttons: arrows move, Enter and Space press by themselves, digits choose chips, a few letters do the rest. */
import type { Press } from "../core/events.ts";
import { CHIPS } from "../core/limits.ts";
import { type Direction, nearest } from "./arrows.ts";

const ARROWS: { readonly [key: string]: Direction } = Object.freeze({
  ...({ ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" } as const),
});

/** What a key stands for, wherever the focus is; `isCovered`: something lies over the table. */
export function pressOfKey(key: string, isCovered: boolean): Press | undefined {
  if (key === "Escape") return isCovered ? { do: "panel", panel: "none" } : { do: "closeCard" };
  if (isCovered) return undefined;
  const chips = CHIPS[Number.parseInt(key, 10) - 1];
  if (/^[1-9]$/.test(key) && chips !== undefined) return { do: "chip", chips };
  switch (key) {
    case "r":
      return { do: "roll" };
    case "u":
    case "Backspace":
      return { do: "undo" };
    case "y":
      return { do: "redo" };
    case "a":
      return { do: "repeat" };
    case "c":
    case "Delete":
      return { do: "clear" };
    default:
      return undefined;
  }
}

/** Moves the focus and says so; false where the key is no arrow or nothing lies that way. */
export function moveFocus(key: string): boolean {
  const direction = ARROWS[key];
  if (direction === undefined) return false;
  const pressable = [...document.querySelectorAll<HTMLElement>("[data-press], a[href]")].filter(
    (each) => each.closest("[inert]") === null && each.offsetParent !== null,
  );
  const active = document.activeElement as HTMLElement | null;
  const isSomewhere = active !== null && pressable.includes(active);
  if (!isSomewhere) {
    pressable[0]?.focus();
    return pressable.length > 0;
  }
  const others = pressable.filter((each) => each !== active);
  const found = nearest(
    active.getBoundingClientRect(),
    others.map((each) => each.getBoundingClientRect()),
    direction,
  );
  others[found]?.focus();
  return found >= 0;
}
