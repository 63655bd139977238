/** What everybody waits for, in plain words: a screen never stands still without saying why. */
import { DONT_PASS, PASS } from "../../../engine/games/craps/spots.ts";
import { stakeOn } from "../../../engine/games/craps/state.ts";
import type { Wait } from "../../contract/state-part.ts";
import type { KioskView } from "../../contract/view.ts";
import { type Language, listText, say } from "../strings/texts.ts";
import type { PageState } from "./page-state.ts";

/** The most important; undefined where nothing keeps anybody. */
export function waitingText(page: PageState, language: Language): string | undefined {
  const { connection, view } = page;
  if (connection === "lost") return say(language, "waitScreen");
  if (view === undefined) return say(language, "waitOpening");
  const { state } = view.recovery;
  if (state === "muted") return say(language, "waitMuted");
  if (state === "starting") return say(language, "waitStarting");
  if (state === "ending") return say(language, "waitEnding");
  if (state === "away") return say(language, "waitAway");
  const waits = [...view.recovery.waits].sort((left, right) => rank(left) - rank(right));
  const first = waits[0];
  if (first !== undefined) return waitText(language, view, first);
  if (state === "paused") return say(language, "waitPaused");
  if (state === "recovering" || state === "joining") return say(language, "waitCatchingUp");
  if (page.orders.some(({ at }) => page.now - at > AGREEING_SHOWN_MS)) return say(language, "waitAgree");
  return undefined;
}

function waitText(language: Language, view: KioskView, wait: Wait): string {
  const names = namesOf(language, view, wait.members);
  switch (wait.for) {
    case "bets":
      return say(language, "waitBets");
    case "shooter":
      return say(language, needsLineBet(view) ? "waitLine" : "waitShooter", { name: names });
    case "dice":
      return wait.members.length === 0 ? say(language, "waitDice") : say(language, "waitParts", { names });
    case "votes":
      return wait.members.length === 0 ? say(language, "waitAgree") : say(language, "waitVotes", { names });
    case "leader":
      return say(language, "waitLeader");
    case "members":
      return say(language, "waitFew", { names });
    case "radio":
      return say(language, "waitRadio");
    case "table":
      return say(language, "waitTable");
    case "key":
      return say(language, "waitKey");
    case "snapshot":
      return say(language, "waitCatchingUp");
    case "operator":
      return say(language, "waitPaused");
  }
}

/** On a come-out the shooter rolls with a bet on the line, where the table wants that. */
function needsLineBet({ craps }: KioskView): boolean {
  if (craps === null || craps.state.point !== 0 || !craps.config.shooterBets) return false;
  const bets = craps.state.seats[craps.state.shooter] ?? [];
  return stakeOn(bets, PASS) + stakeOn(bets, DONT_PASS) === 0;
}

/** "Kiosk 2 and Kiosk 3", as the language joins them. */
export function namesOf(language: Language, view: KioskView, members: readonly number[]): string {
  const names = members.map((member) => nameOf(language, view, member));
  if (names.length === 0) return say(language, "nobody");
  return listText(language, names);
}

/** By what its screen is called. */
export function nameOf(language: Language, view: KioskView, member: number | null): string {
  const named = view.members.find((each) => each.member === member);
  if (named !== undefined && named.name !== "") return named.name;
  return member === null ? say(language, "nobody") : say(language, "kiosk", { number: member + 1 });
}

/** Agreement usually takes less, and then nobody need read of it. */
const AGREEING_SHOWN_MS = 700;

/** What stops everything comes before what is a matter of course. */
const rank = (wait: Wait): number => ORDER.indexOf(wait.for);

const ORDER: readonly Wait["for"][] = Object.freeze([
  ...([
    "radio",
    "members",
    "table",
    "operator",
    "snapshot",
    "key",
    "leader",
    "dice",
    "votes",
    "shooter",
    "bets",
  ] as const),
]);
