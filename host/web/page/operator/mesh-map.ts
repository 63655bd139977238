/** The air between kiosks as a map: who hears whom, how well, and who is cut off. */
import type { KioskView } from "../../contract/view.ts";
import { type Child, type Element, h } from "../dom/element.ts";

type Link = KioskView["mesh"]["links"][number];

const SIZE = 360;
const MIDDLE = SIZE / 2;
const RADIUS = 122;
/** Room for names at either side. */
const WIDER = 60;

export function meshMap({ members, mesh }: KioskView): Element {
  const places = members.map((_, at) => placeOf(at, members.length));
  const pairs = members.flatMap((_, from) =>
    members.slice(from + 1).map((_, more) => [from, from + 1 + more] as const),
  );
  return h(
    "svg",
    {
      class: "mesh-map",
      viewBox: `${-WIDER} 0 ${SIZE + 2 * WIDER} ${SIZE}`,
      role: "img",
      "aria-label": meshWords(members, mesh),
    },
    pairs.map(([from, to]) => edge(mesh.links, places, from, to)),
    members.map((member, at) => node(member, places[at], placeOf(at, members.length, RADIUS + NAME_AWAY))),
  );
}

function edge(links: readonly Link[], places: readonly Place[], from: number, to: number): Child {
  const ways = links.filter(
    (link) => link.isUp && ((link.from === from && link.to === to) || (link.from === to && link.to === from)),
  );
  const [one, other] = [places[from], places[to]];
  if (ways.length === 0) return undefined;
  const rssi = worst(ways.map(({ rssiDbm }) => rssiDbm));
  // What only its own two ends measure is not known of everybody's.
  const losses = ways.flatMap((way) => (way.loss === null ? [] : [way.loss]));
  const loss = Math.max(0, ...losses);
  const roundTrip = worst(ways.map(({ roundTripMs }) => (roundTripMs === null ? null : -roundTripMs)));
  const look = loss >= 0.2 || (rssi !== undefined && rssi < -85) ? "poor" : loss >= 0.05 ? "fair" : "well";
  // Near the first end, so that the labels of lines that cross do not.
  const [x, y] = [one.x + (other.x - one.x) * LABEL_AT, one.y + (other.y - one.y) * LABEL_AT];
  return h(
    "g",
    { class: `edge ${look}` },
    h("line", { x1: one.x, y1: one.y, x2: other.x, y2: other.y }),
    h(
      "text",
      { x, y, "text-anchor": "middle" },
      h("tspan", { x }, `${rssi ?? "?"} dBm`),
      h(
        "tspan",
        { x, dy: 11 },
        `${losses.length === 0 ? "?" : (loss * 100).toFixed(0)} % · ${roundTrip === undefined ? "?" : Math.round(-roundTrip)} ms`,
      ),
    ),
  );
}

const LABEL_AT = 0.34;

/** Its name stands away from the middle, where the lines are. */
function node(member: KioskView["members"][number], { x, y }: Place, name: Place): Element {
  const look = member.isQuarantined ? "quarantined" : member.link;
  return h(
    "g",
    { class: `node ${look}` },
    h("circle", { cx: x, cy: y, r: 26 }),
    member.isPrimary && h("circle", { cx: x, cy: y, r: 31, class: "primary-ring" }),
    h("text", { x, y: y + 5, "text-anchor": "middle", class: "node-number" }, numberOf(member)),
    h("text", { x: name.x, y: name.y + 5, "text-anchor": anchorAt(name) }, member.name),
  );
}

/** Where its name has a number, that one. */
const numberOf = ({ name, member }: KioskView["members"][number]): string =>
  /(?<= )\d{1,3}$/.exec(name)?.[0] ?? `${member + 1}`;

interface Place {
  readonly x: number;
  readonly y: number;
}

const NAME_AWAY = 38;

const anchorAt = ({ x }: Place): string => (Math.abs(x - MIDDLE) < 20 ? "middle" : x < MIDDLE ? "end" : "start");

function placeOf(at: number, count: number, radius = RADIUS): Place {
  const angle = (2 * Math.PI * at) / count - Math.PI / 2;
  return { x: Math.round(MIDDLE + radius * Math.cos(angle)), y: Math.round(MIDDLE + radius * Math.sin(angle)) };
}

/** What the picture says, for those who hear it. */
function meshWords(members: KioskView["members"], { links, isPartitioned, connectivity }: KioskView["mesh"]): string {
  const up = links.filter(({ isUp }) => isUp).length;
  const away = members.filter(({ link }) => link === "none").map(({ name }) => name);
  const cut = isPartitioned ? ", cut into parts" : "";
  const gone = away.length === 0 ? "" : `; not reached: ${away.join(", ")}`;
  return `${members.length} kiosks, ${up} links up${cut}, ${connectivity} links may fail first${gone}`;
}

function worst(values: readonly (number | null)[]): number | undefined {
  const known = values.filter((value): value is number => value !== null);
  return known.length === 0 ? undefined : Math.min(...known);
}
