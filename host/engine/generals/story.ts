/** Why a table of three bears nobody who cheats, and one of four bears one: played out, and told in plain words. Whatever is
 * claimed here was computed for the telling. */
import { assert } from "../../../protocol/core/assert.ts";
import { membersForByzantine } from "./message-costs.ts";
import {
  besiege,
  brokenCondition,
  COMMANDER,
  messagesOf,
  type OralMessage,
  type Outcome,
  type Rule,
  type Said,
  type Siege,
} from "./oral-messages.ts";
import { type Breach, besiegeByDenial, rulesThatSurvive, searchBreaches } from "./search.ts";

/** Lines for a screen of 80 columns. */
export function story(): readonly string[] {
  return [...three(), "", ...four(), "", ...more()];
}

function three(): readonly string[] {
  const byMajority = breachOf(searchBreaches(3, 1, 1).breaches, "IC2");
  const byObedience = breachOf(searchBreaches(3, 1, 1, obedience).breaches, "IC1");
  const rules = rulesThatSurvive();
  assert(rules.survivorCount === 0, "no rule helps three generals");
  const witness = 2;
  const told = heardBy(byMajority.outcome, witness);
  assert(told === heardBy(byObedience.outcome, witness), "the two betrayals look alike");
  return [
    "Three generals have surrounded a city: A commands, B and C are its lieutenants.",
    "All attack or all retreat; who attacks alone is lost. One of them is a traitor.",
    "Each lieutenant tells the other what A said, and does what most words say; where",
    "they are even it retreats.",
    "",
    ...played(byMajority.siege, byMajority.outcome),
    "",
    "So let each lieutenant do what A says, whatever it hears from the other.",
    "",
    ...played(byObedience.siege, byObedience.outcome),
    "",
    `Both times ${letter(witness)} heard the same: ${told}.`,
    "It cannot know who lies. To follow A divides the loyal when A lies, and not to",
    `leaves a loyal A alone. All ${rules.triedCount} ways in which two lieutenants can decide were`,
    "tried: each is broken by some betrayal.",
  ];
}

function four(): readonly string[] {
  const { triedCount, breaches } = searchBreaches(4, 1, 1);
  assert(breaches.length === 0, "four generals bear one traitor");
  const words: readonly Said[] = ["attack", "retreat", "nothing"];
  const siege: Siege = {
    generalCount: 4,
    relayCount: 1,
    order: "attack",
    traitors: [COMMANDER],
    strategy: ({ to }) => words[to - 1],
  };
  return [
    "Four generals, one of them a traitor, by the same rule as at first. Silence",
    "counts as an order to retreat.",
    "",
    ...played(siege, besiege(siege)),
    "",
    `All ${triedCount} betrayals there are were tried: by A or by a lieutenant, with either`,
    "order, lying or silent. None divides the loyal, and none turns them from a loyal",
    "commander.",
  ];
}

function more(): readonly string[] {
  const rows = [1, 2, 3].map((traitorCount) => {
    const needed = membersForByzantine(traitorCount);
    const [fewer, enough] = [needed - 1, needed].map((count) => besiegeByDenial(count, traitorCount));
    assert(fewer !== undefined && enough === undefined, "one general fewer is not enough");
    const messageCount = messagesOf(needed, traitorCount).length;
    return [traitorCount, needed, needed - 1, traitorCount, messageCount].map(String);
  });
  const heads = ["traitors", "generals needed", "too few", "times passed on", "messages"];
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padStart(heads[column].length)).join("  ");
  return [
    "In general f traitors take 3f + 1 generals, and every word passed on f times:",
    "",
    ...[heads, ...rows].map((cells) => `  ${line(cells)}`),
    "",
    "Kiosks sign what they say, so that nobody can lie about another's words. That",
    "saves nearly all of these messages. It saves no kiosk: who is slow cannot be",
    "told from who is silent on purpose, so a table of four bears one that cheats, a",
    "table of seven two, and a table of ten three.",
  ];
}

/** What was said, and what came of it. */
function played(siege: Siege, outcome: Outcome): readonly string[] {
  const { order, traitors } = siege;
  const names = traitors.map(letter).join(" and ");
  const isLoyalCommander = !traitors.includes(COMMANDER);
  return [
    `  ${names} is the traitor.${isLoyalCommander ? ` A wants to ${order}.` : ""}`,
    ...outcome.heard.map((each) => `    ${sentence(each, each.said)}`),
    `  ${ending(siege, outcome)}`,
  ];
}

function sentence({ path, to }: OralMessage, said: Said): string {
  const [source, relay] = path.map(letter);
  const from = relay ?? source;
  if (said === "nothing") return `${from} to ${letter(to)}: (nothing)`;
  return `${from} to ${letter(to)}: ${relay === undefined ? `${said}!` : `${source} said ${said}`}`;
}

function ending(siege: Siege, outcome: Outcome): string {
  const deeds = outcome.decisions.flatMap((each, general) =>
    each === "anything" ? [] : [`${letter(general)} ${each === "attack" ? "attacks" : "retreats"}`],
  );
  const broken = brokenCondition(siege, outcome);
  const why =
    broken === undefined
      ? "the loyal act as one"
      : broken === "IC1"
        ? "the loyal are divided"
        : "a loyal lieutenant does not follow a loyal commander";
  return `${deeds.join(", ")}: ${why}.`;
}

const heardBy = (outcome: Outcome, general: number): string =>
  outcome.heard
    .filter(({ to }) => to === general)
    .map(({ path, said }) => `${said} from ${letter(path[path.length - 1])}`)
    .join(", ");

function breachOf(breaches: readonly Breach[], broken: Breach["broken"]): Breach {
  const found = breaches.find((each) => each.broken === broken);
  assert(found !== undefined, "three generals do not bear a traitor");
  return found;
}

const obedience: Rule = (_lieutenant, told) => told[0];

const letter = (general: number): string => "ABCDEFGHIJ"[general];
