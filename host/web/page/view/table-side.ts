/** Beside the felt: the dice, the call, what everybody waits for, who sits where, and what fell lately. */
import { spotText } from "../../../engine/games/craps/say.ts";
import { spotOf } from "../../../engine/games/craps/spots.ts";
import { callOf, netOf, netText, resultsOf, resultText } from "../core/call.ts";
import { nameOf, waitingText } from "../core/waiting.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import { numberText } from "../strings/texts.ts";
import { card } from "./card.ts";
import { diceStage, flatDie, puck } from "./dice.ts";
import { icon } from "./icons.ts";
import { pressed, type Seen, secondsUntil } from "./seen.ts";

export function tableSide(seen: Seen): Element {
  const { say } = seen;
  return h(
    "section",
    { class: "table-side", key: "side", "aria-label": say("table") },
    diceStage(seen),
    pointLine(seen),
    callLine(seen),
    results(seen),
    waitLine(seen),
    card(seen),
    seats(seen),
    lately(seen),
  );
}

function pointLine(seen: Seen): Element {
  const point = seen.view?.craps?.state.point ?? 0;
  const words = point === 0 ? seen.say("comeOut") : seen.say("pointIs", { number: point });
  return h(
    "p",
    { class: "point-line", key: "point" },
    puck(seen, point !== 0, "in-line"),
    h("span", { key: "words" }, words, h("small", {}, shooterWords(seen))),
  );
}

function shooterWords({ view, say, language }: Seen): string {
  const table = view?.craps;
  const player = table?.players[table.state.shooter] ?? undefined;
  if (view === undefined || player === undefined) return "";
  return player.isMine
    ? say("youShoot")
    : say("shoots", { name: player.name || nameOf(language, view, player.member) });
}

/** Of the dice that lie, and what they brought the person. */
function callLine({ page, view, own, language }: Seen): Element {
  const last = view?.rolls.at(-1);
  if (page.dice.type === "tumbling" || last === undefined) return h("p", { class: "call", key: "call" }, "\u00a0");
  const net = netOf(last, own?.place ?? null);
  return h(
    "p",
    { class: "call", key: "call" },
    h("span", { class: "call-words" }, callOf(language, last)),
    net !== undefined &&
      last.fell !== null &&
      h("b", { class: net > 0 ? "net up" : net < 0 ? "net down" : "net" }, netText(language, net)),
  );
}

/** Bet by bet. */
function results({ page, view, own, language }: Seen): Child {
  const last = view?.rolls.at(-1);
  if (page.dice.type === "tumbling" || last === undefined || page.now >= page.resultsUntil) return undefined;
  const bets = resultsOf(last, own?.place ?? null);
  if (bets.length === 0) return undefined;
  return h(
    "ul",
    { class: "results", key: "results" },
    bets.map((bet) => {
      const spot = spotOf(bet.code);
      const look = bet.net > 0 ? "up" : bet.net < 0 ? "down" : "";
      return h(
        "li",
        { key: `${bet.code}` },
        h("span", {}, spot === undefined ? bet.name : spotText(language.craps, spot)),
        h("b", { class: look }, resultText(language, bet)),
      );
    }),
  );
}

function waitLine(seen: Seen): Element {
  const { page, view, language, say } = seen;
  const seconds = secondsUntil(page, view?.craps?.closesAt);
  // While dice tumble the bets of that roll are still shown, and locked.
  const words = page.dice.type === "tumbling" ? undefined : waitingText(page, language);
  const isLocked = view?.craps?.state.rolling === true;
  return h(
    "div",
    { class: `wait${page.connection === "lost" ? " is-lost" : ""}`, key: "wait" },
    isLocked
      ? h("span", { class: "lock", key: "lock" }, say("locked"))
      : seconds !== undefined &&
          h(
            "span",
            { class: `clock${seconds <= 5 ? " soon" : ""}`, key: "clock" },
            icon("clock"),
            say("rollIn", { seconds }),
          ),
    words !== undefined && h("span", { class: "wait-words", key: "words" }, words),
  );
}

function seats(seen: Seen): Child {
  const { view, say, language } = seen;
  const table = view?.craps;
  if (table === null || table === undefined) return undefined;
  const items = table.players.map((player, place) => {
    const bets = table.state.seats[place] ?? [];
    const staked = bets.reduce((sum, { stake, fee }) => sum + stake + fee, 0);
    const isShooter = table.state.shooter === place;
    const name =
      player === null
        ? say("freeSeat")
        : player.isMine
          ? say("you")
          : player.name || nameOf(language, view as NonNullable<typeof view>, player.member);
    return h(
      "li",
      { class: `seat-row${player?.isMine ? " mine" : ""}${player === null ? " empty" : ""}`, key: `${place}` },
      h("span", { class: `other seat-${place}`, "aria-hidden": "true" }, `${place + 1}`),
      h("span", { class: "seat-name" }, name),
      isShooter &&
        player !== null &&
        h(
          "span",
          { class: "seat-shooter", title: say("shooter") },
          icon("dice"),
          h("span", { class: "hidden" }, say("shooter")),
        ),
      player !== null &&
        h(
          "span",
          { class: "seat-chips" },
          numberText(language, player.free),
          staked > 0 && h("small", {}, ` + ${numberText(language, staked)}`),
        ),
    );
  });
  return h("ul", { class: "seats", key: "seats", tabindex: 0, "aria-label": say("seats") }, items);
}

function lately({ view, say }: Seen): Child {
  const fallen = (view?.rolls ?? []).filter(({ fell }) => fell !== null).slice(-LATELY);
  if (fallen.length === 0) return undefined;
  return h(
    "div",
    { class: "lately", key: "lately", role: "group", "aria-label": say("history") },
    [...fallen].reverse().map(({ roll, fell, point }) => {
      const [first, second] = fell === null ? [0, 0] : [fell.first, fell.second];
      const total = first + second;
      const look = point !== 0 && total === 7 ? "seven-out" : point !== 0 && total === point ? "made" : "";
      return h(
        "button",
        {
          ...{ class: `lately-roll ${look}`, key: `${roll}`, type: "button" },
          ...pressed({ do: "trust", roll }),
        },
        h("span", { class: "hidden" }, `${say("rollNumber", { roll })}: ${say("diceShow", { first, second })}`),
        h("span", { class: "pair" }, flatDie(first), flatDie(second)),
        h("b", { "aria-hidden": "true" }, `${total}`),
      );
    }),
  );
}

const LATELY = 8;
