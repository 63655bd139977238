/** Pictures of one line each, drawn in the colour of the text around them. */
import { type Element, h } from "../dom/element.ts";

const PATHS = Object.freeze({
  help: "M9.2 9a2.9 2.9 0 1 1 4.4 2.5c-1 .6-1.6 1.2-1.6 2.3v.4M12 17.6v.1",
  history: "M4 18h16M6.5 18v-5M10.2 18V7M13.8 18V4.5M17.5 18v-8",
  shield: "M12 3.2l7 2.6v5.4c0 4.6-2.9 7.8-7 9.6-4.1-1.8-7-5-7-9.6V5.8zM8.6 12.2l2.4 2.4 4.6-5",
  settings:
    "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v2.4M12 18.6V21M3 12h2.4M18.6 12H21M5.6 5.6l1.7 1.7M16.7 16.7l1.7 1.7M5.6 18.4l1.7-1.7M16.7 7.3l1.7-1.7",
  close: "M6 6l12 12M18 6L6 18",
  undo: "M9 5L4.5 9.5 9 14M5 9.5h8.5a5 5 0 0 1 0 10H10",
  redo: "M15 5l4.5 4.5L15 14M19 9.5h-8.5a5 5 0 0 0 0 10H14",
  repeat: "M17 3.5L20 6.5 17 9.5M4 11V9.5a3 3 0 0 1 3-3h13M7 20.5L4 17.5l3-3M20 13v1.5a3 3 0 0 1-3 3H4",
  clear: "M4 7h16M9 7V4.5h6V7M6.5 7l1 12.5h9l1-12.5M10 10.5v5.5M14 10.5v5.5",
  dice: "M4.5 7.5l7-3.5 7 3.5v8.5l-7 3.8-7-3.8zM4.5 7.5l7 3.7 7-3.7M11.5 11.2v8.6",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 8v4.4l2.8 1.8",
});

export function icon(name: keyof typeof PATHS): Element {
  return h(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    h("path", { d: PATHS[name] }),
  );
}
