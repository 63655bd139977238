/** What happened on the way to a state, in words: an account for people, written only when somebody wants to read it. */
import type { SignedBallot } from "../../protocol/agreement/ballot.ts";
import type { Certificate, ViewChangeBody } from "../../protocol/agreement/certificate.ts";
import type { ObjectName, Place } from "../../protocol/message/fields.ts";
import type { Violation } from "./agreement.ts";
import type { Way } from "./explore.ts";
import { committedOf, type Face, preparedOf } from "./faces.ts";
import { take } from "./locals.ts";
import type { Meaning, Move } from "./moves.ts";
import { numberOf } from "./notary.ts";
import { namesTo } from "./proofs.ts";
import { CLIENTS, nameOf, settingText, type Table } from "./setting.ts";
import { type Spot, spotOf } from "./spots.ts";

export function violationText({ rule, why, way }: Violation & { readonly way: Way }): string {
  const { table } = way.model;
  return [
    `${settingText(table.setting)}: broken: ${rule}`,
    `Member ${table.setting.byzantine} is the liar. Histories are written as the members whose requests they hold.`,
    ...way.moves.flatMap(({ local, move }, at) => stepLines(way, at + 1, local, move)),
    `Then ${why}.`,
    "",
  ].join("\n");
}

function stepLines({ model }: Way, at: number, local: number, number: number): string[] {
  const { table, moves, locals, faces } = model;
  const before = faces.all[locals[local].face];
  const heard = `${at}. member ${before.member} ${moveText(table, moves.all[number])}`;
  const target = take(model, local, number);
  if (target < 0) return [heard];
  const after = faces.all[locals[target].face];
  const meanings = after.said
    .filter((each) => !before.said.includes(each))
    .flatMap((each) => meaningOf(moves.all[each]))
    .sort((left, right) => TYPES.indexOf(left.type) - TYPES.indexOf(right.type));
  const said = meanings.map((meaning) => `says: ${meaningText(table, meaning)}`);
  return [heard, ...[...said, ...changesOf(table, before, after)].map((line) => `     ${line}`)];
}

const meaningOf = (move: Move): Meaning[] => (move.type === "hear" ? [move.meaning] : []);

/** In the order in which a member comes to say them. */
const TYPES: readonly Meaning["type"][] = ["viewChange", "newView", "ballot", "other"];

function changesOf(table: Table, before: Face, after: Face): string[] {
  const lines: string[] = [];
  if (after.view > before.view) lines.push(`enters view ${after.view}`);
  if (after.decided.history !== before.decided.history) lines.push(`decides ${historyText(table, after.decided)}`);
  if (after.executed.history !== before.executed.history) lines.push(`executes ${historyText(table, after.executed)}`);
  return lines;
}

function moveText(table: Table, move: Move): string {
  switch (move.type) {
    case "hear":
      return `hears: ${heardText(table, move)}`;
    case "fetch":
      return `is given the batch of ${nameText(table, move.name)}`;
    case "wait":
      return `waits no longer for ${WAITED[move.deadline]}`;
    case "submit":
      return "wants something itself";
  }
}

const WAITED = {
  batch: "more requests in a batch",
  commit: "the votes of the rest, and commits",
  view: "its primary",
} as const;

function meaningText(table: Table, meaning: Meaning): string {
  switch (meaning.type) {
    case "ballot":
      return ballotText(table, meaning.signed);
    case "viewChange":
      return `${meaning.change.sender} wishes for view ${meaning.change.view}: ${wishText(table, meaning.body)}`;
    case "newView": {
      const { sender, newView } = meaning.signed;
      const whose = newView.viewChanges.map((each) => each.sender).join(", ");
      return `${sender} makes view ${newView.view} of the wishes of ${whose}: again ${placeText(table, newView.result)}`;
    }
    case "other":
      return "something else";
  }
}

function heardText(table: Table, { said, meaning }: Move & { readonly type: "hear" }): string {
  if (meaning.type !== "other") return meaningText(table, meaning);
  if (said.type === "certificate") return `a proof: ${certificateText(table, said.certificate)}`;
  if (said.type === "ballot") return `again, ${ballotText(table, said.ballot)}`;
  return `what ${said.type === "requests" ? said.requests.map((each) => each.sender).join(", ") : "somebody"} wants`;
}

function ballotText(table: Table, signed: SignedBallot): string {
  const prepared = preparedOf(signed);
  const committed = committedOf(signed);
  const verb = signed.proposed === undefined ? "prepares" : "proposes";
  const parts = [
    ...(prepared === undefined ? [] : [`${verb} ${historyText(table, prepared)}`]),
    ...(committed === undefined ? [] : [`commits ${historyText(table, committed)}`]),
  ];
  return `${signed.sender} ${parts.join(" and ")} in view ${signed.view}`;
}

function wishText(table: Table, body: ViewChangeBody): string {
  const { prefix, certificates, claims } = body;
  const claimed = claims.map((each) => `${nameText(table, each.name)} at ${each.sequence}`);
  return [
    `knows of ${placeText(table, prefix)} decided`,
    ...certificates.map((each) => `has proof: ${certificateText(table, each)}`),
    ...(claimed.length === 0 ? [] : [`says it prepared ${claimed.join(", ")}`]),
  ].join("; ");
}

function certificateText(table: Table, { phase, view, sequence, base, names, ballots }: Certificate): string {
  const line = [...namesTo(table, spotOf(base)), ...names.slice(0, Math.max(0, sequence - base.sequence))];
  const by = ballots.map((each) => each.sender).join(", ");
  return `${namesText(table, line)} ${phase} in view ${view} by ${by}`;
}

const placeText = (table: Table, place: Place): string => historyText(table, spotOf(place));
const historyText = (table: Table, spot: Spot): string => namesText(table, namesTo(table, spot));

const namesText = (table: Table, names: readonly ObjectName[]): string =>
  names.length === 0 ? "nothing" : `[${names.map((name) => nameText(table, name)).join(", ")}]`;

/** By whose request is in it. */
function nameText(table: Table, name: ObjectName): string {
  if (name.size === 0) return "none";
  for (const client of CLIENTS) {
    for (let at = 1; at <= SEQUENCES; at++) {
      if (numberOf(nameOf(table, at, client).digest) === numberOf(name.digest)) return `${client}'s`;
    }
  }
  return `batch ${numberOf(name.digest)}`;
}

/** As far as batches of one request were named. */
const SEQUENCES = 3;
