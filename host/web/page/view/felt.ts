/** The felt: which bets the table has, in the places where players look for them. */
import { POINTS } from "../../../engine/games/craps/dice.ts";
import { ruleOf } from "../../../engine/games/craps/rules.ts";
import { spotText } from "../../../engine/games/craps/say.ts";
import {
  COME,
  comeOnCode,
  DONT_COME,
  DONT_PASS,
  DONT_PASS_ODDS,
  dontComeOnCode,
  type Family,
  numberedCode,
  PASS,
  PASS_ODDS,
  SPOTS,
  type Spot,
  spotOf,
  TRAVELLED,
} from "../../../engine/games/craps/spots.ts";
import { stakeOn } from "../../../engine/games/craps/state.ts";
import type { Area } from "../core/page-state.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { StringKey } from "../strings/strings.ts";
import { flatDie, puck } from "./dice.ts";
import { pressed, type Seen } from "./seen.ts";
import { restingChip, spotButton } from "./spot.ts";

/** Which bets lie beside the great table, each area a page of the felt. */
const SIDE_AREAS: { readonly [area in Exclude<Area, "table">]: readonly Family[] } = Object.freeze({
  // On a small screen; on a large one they lie in the numbers' own boxes.
  numbers: ["buy", "lay"],
  middle: [
    ...(["hard", "anySeven", "anyCraps", "single", "crapsEleven", "horn", "world", "hiLo", "hornHigh"] as const),
    ...(["threeWay", "hiLoYo", "over", "under", "lowDice", "highDice"] as const),
  ],
  hops: ["hop", "hopSevens"],
  bonus: [
    ...(["fire", "small", "tall", "all", "repeater"] as const),
    ...(["hotRoller", "twiceHard", "rideTheLine", "muggsy", "replay", "differentDoubles"] as const),
  ],
  other: ["put", "placeToLose", "yes", "no", "next"],
});

const AREA_WORDS: { readonly [area in Area]: StringKey } = Object.freeze({
  ...({
    table: "areaLine",
    numbers: "areaNumbers",
    middle: "areaMiddle",
    hops: "areaHops",
    bonus: "areaBonus",
    other: "areaOther",
  } as const),
});

export function felt(seen: Seen): Element {
  const areas = areasOf(seen);
  const area = areas.includes(seen.page.area) ? seen.page.area : "table";
  const side = area === "table" ? areas.find((each) => each !== "table" && each !== "numbers") : area;
  const isRolling = seen.view?.craps?.state.rolling === true;
  return h(
    "section",
    { class: `felt${isRolling ? " locked" : ""}`, key: "felt", "data-area": area, "aria-label": seen.say("felt") },
    areas.length > 1 && tabs(seen, areas, area),
    h("div", { class: `great${isShown(seen, FIELD) ? "" : " simple"}`, key: "great" }, greatTable(seen)),
    side !== undefined && sideArea(seen, side),
  );
}

function areasOf(seen: Seen): readonly Area[] {
  const sides = (Object.keys(SIDE_AREAS) as (keyof typeof SIDE_AREAS)[]).filter(
    (area) => spotsOf(seen, SIDE_AREAS[area]).length > 0,
  );
  return ["table", ...sides];
}

function tabs(seen: Seen, areas: readonly Area[], area: Area): Element {
  return h(
    "div",
    { class: "tabs", key: "tabs", role: "group", "aria-label": seen.say("table") },
    areas.map((each) =>
      h(
        "button",
        {
          ...{ class: `tab tab-${each}`, key: each, type: "button", "aria-pressed": `${each === area}` },
          ...pressed({ do: "area", area: each }),
        },
        seen.say(AREA_WORDS[each]),
      ),
    ),
  );
}

function greatTable(seen: Seen): Child[] {
  const has = (code: number): boolean => isShown(seen, code);
  const line = (code: number, look: string): Child => has(code) && spotButton(seen, code, { class: look });
  return [
    has(DONT_COME) && spotButton(seen, DONT_COME, { class: "dont-come" }),
    POINTS.map((number) => numberBox(seen, number)),
    line(COME, "come"),
    fieldSpot(seen),
    line(DONT_PASS, "dont-pass"),
    line(DONT_PASS_ODDS, "dont-pass-odds"),
    line(PASS, "pass"),
    line(PASS_ODDS, "pass-odds"),
    [6, 8].map((number) => line(numberedCode("big", number), `big big-${number}`)),
  ];
}

/** A point: place it, buy it, lay against it; come bets that travelled lie there too, and the puck. */
function numberBox(seen: Seen, number: number): Element {
  const [lay, place, buy] = (["lay", "place", "buy"] as const).map((family) => numberedCode(family, number));
  const isPoint = seen.view?.craps?.state.point === number;
  return h(
    "div",
    { class: `number number-${number}${isPoint ? " is-point" : ""}`, key: `number-${number}` },
    isShown(seen, lay) && spotButton(seen, lay, { class: "strip lay" }),
    isShown(seen, place) &&
      spotButton(seen, place, { class: "place", face: [isPoint && puck(seen, true, "on-number"), `${number}`] }),
    travelled(seen, number),
    isShown(seen, buy) && spotButton(seen, buy, { class: "strip buy" }),
  );
}

/** Only where a come bet lies: the odds behind it are what can be pressed there. */
function travelled(seen: Seen, number: number): Child {
  const rows = [
    [comeOnCode(number), numberedCode("comeOdds", number), "C"],
    [dontComeOnCode(number), numberedCode("dontComeOdds", number), "D"],
  ] as const;
  return rows.map(([flat, odds, mark]) => {
    const isThere = seen.view?.craps?.state.seats.some((bets) => stakeOn(bets, flat) > 0) === true;
    if (!isThere) return undefined;
    const isMine = seen.hand !== undefined && stakeOn(seen.hand.state.seats[seen.hand.place], flat) > 0;
    const chips = restingChip(seen, flat, mark);
    return h(
      "div",
      { class: "travelled", key: `travelled-${flat}` },
      chips,
      isMine && spotButton(seen, odds, { class: "strip odds", face: spotText(seen.language.craps, oddsSpot(odds)) }),
    );
  });
}

const oddsSpot = (code: number): Spot => spotOf(code) as Spot;

function fieldSpot(seen: Seen): Child {
  if (!isShown(seen, FIELD)) return undefined;
  const spot = spotOf(FIELD) as Spot;
  const config = seen.view?.craps?.config;
  const face = [
    h("span", { class: "field-name" }, spotText(seen.language.craps, spot)),
    h(
      "span",
      { class: "field-numbers" },
      h("i", { class: "ringed" }, "2", h("small", {}, `×${config?.fieldTwoPays ?? 2}`)),
      ["3", "4", "9", "10", "11"].map((each) => h("i", {}, each)),
      h("i", { class: "ringed" }, "12", h("small", {}, `×${config?.fieldTwelvePays ?? 2}`)),
    ),
  ];
  return spotButton(seen, spot.code, { class: "field", face, hidePays: true });
}

function sideArea(seen: Seen, area: Exclude<Area, "table">): Element {
  return h(
    "div",
    { class: `beside area-${area}`, key: `area-${area}`, role: "group", "aria-label": seen.say(AREA_WORDS[area]) },
    spotsOf(seen, SIDE_AREAS[area]).map((spot) =>
      spotButton(seen, spot.code, { class: `small-spot family-${spot.family}`, face: sideFace(seen, spot) }),
    ),
  );
}

/** Where two faces say it, dice are drawn. */
function sideFace(seen: Seen, spot: Spot): Child {
  const faces = facesOf(spot);
  const name = spotText(seen.language.craps, spot);
  if (faces === undefined) return name;
  return [h("span", { class: "faces" }, flatDie(faces[0]), flatDie(faces[1])), h("span", { class: "tiny" }, name)];
}

function facesOf({ family, number }: Spot): readonly [number, number] | undefined {
  if (family === "hard") return [number / 2, number / 2];
  if (family === "hop") return [Math.floor(number / 10), number % 10];
  if (family !== "single") return undefined;
  return number === 2 ? [1, 1] : number === 3 ? [1, 2] : number === 11 ? [5, 6] : [6, 6];
}

const spotsOf = (seen: Seen, families: readonly Family[]): Spot[] =>
  families.flatMap((family) => SPOTS.filter((spot) => spot.family === family && isShown(seen, spot.code)));

/** Of the table's layout, or of the person's simpler one; and always what lies there already. */
function isShown({ view, page, own }: Seen, code: number): boolean {
  const table = view?.craps;
  if (table === null || table === undefined || code < 0 || code >= TRAVELLED) return false;
  const mine = own?.place === null || own?.place === undefined ? 0 : stakeOn(table.state.seats[own.place] ?? [], code);
  if (mine > 0) return true;
  const { layout } = ruleOf(code);
  return RANKS[layout] <= Math.min(RANKS[table.config.bets], page.preferences.layout === "beginner" ? 0 : 2);
}

const FIELD = SPOTS.find(({ family }) => family === "field")?.code ?? -1;

const RANKS = Object.freeze({ beginner: 0, full: 1, everything: 2 });
