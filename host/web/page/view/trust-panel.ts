/** Why a roll can be trusted, step by step, as it was checked on this very screen. */
import type { ShownRoll } from "../../contract/rolls-part.ts";
import type { TrustShown } from "../core/trust-state.ts";
import { nameOf } from "../core/waiting.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { StringKey } from "../strings/strings.ts";
import { proofAlone } from "../trust/check-quorum.ts";
import type { CheckedRoll, PartFacts, RollFacts, Verdict } from "../trust/check-roll.ts";
import { codeModules, proofCodes } from "../trust/proof-codes.ts";
import { flatDie } from "./dice.ts";
import { icon } from "./icons.ts";
import { pressed, type Seen } from "./seen.ts";

type Checked = Extract<CheckedRoll, { readonly ok: true }>;

export function trustPanel(seen: Seen): Child {
  const { page, say } = seen;
  const { trust } = page;
  switch (trust.type) {
    case "none":
      return h("p", {}, say("trustNone"));
    case "loading":
      return h("p", {}, say("trustLoading"));
    case "missing":
      return h("p", {}, say("trustMissing"));
    case "shown": {
      const { checked } = trust;
      if (checked === undefined) return h("p", { class: "checking" }, say("trustLoading"));
      if (!checked.ok) return h("p", {}, say("verifierWrong", { why: checked.why }));
      return [
        verdictBox(seen, checked),
        tamperBox(seen, trust, checked),
        steps(seen, trust.roll, checked),
        keep(seen, trust, checked),
      ];
    }
  }
}

/** What came out, large; the same for the page at home. */
export function verdictBox(seen: Seen, { verdict, facts, tampered }: Checked): Element {
  const { say } = seen;
  const dice = verdict.ok ? [verdict.first, verdict.second] : facts === undefined ? [] : [facts.first, facts.second];
  return h(
    "div",
    { class: `verdict ${verdict.ok ? "holds" : "fails"}`, key: "verdict", role: "status" },
    icon(verdict.ok ? "shield" : "close"),
    h("div", {}, h("h2", {}, verdictText(seen, verdict, facts)), h("small", {}, say("trustChecked"))),
    h(
      "span",
      { class: "pair" },
      dice.filter((face) => face >= 1 && face <= 6).map((face) => flatDie(face, "large")),
    ),
    tampered !== undefined &&
      h(
        "code",
        { class: "flipped", dir: "ltr" },
        h("span", {}, `…${tampered.before} `),
        h("del", {}, byteText(tampered.was)),
        " ",
        h("ins", {}, byteText(tampered.is)),
        h("span", {}, ` ${tampered.after}…`),
      ),
  );
}

function verdictText(seen: Seen, verdict: Verdict, facts: RollFacts | undefined): string {
  const { say } = seen;
  if (verdict.ok) return say("trustHolds", { first: verdict.first, second: verdict.second });
  const where = say(WHERE[verdict.where]);
  if (verdict.member === undefined) return say("trustFails", { where });
  return say("trustFailsOf", { where, name: partName(seen, verdict.member, facts?.members) });
}

const WHERE: { readonly [where in Extract<Verdict, { ok: false }>["where"]]: StringKey } = Object.freeze({
  ...({
    layout: "whereLayout",
    table: "whereTable",
    epoch: "whereEpoch",
    input: "whereInput",
    key: "whereKey",
  } as const),
  ...({ count: "whereCount", partial: "wherePartial", output: "whereOutput", commitment: "whereCommitment" } as const),
  ...({ signature: "whereSignature", dice: "whereDice" } as const),
});

function tamperBox({ say }: Seen, trust: TrustShown, { tampered }: Checked): Element {
  return h(
    "div",
    { class: "tamper", key: "tamper" },
    h(
      "p",
      {},
      tampered === undefined
        ? say("tamperWords")
        : say("tamperDone", { at: tampered.at, was: byteText(tampered.was), is: byteText(tampered.is) }),
    ),
    h(
      "div",
      { class: "dialog-row" },
      h("button", { class: "move danger", key: "tamper", type: "button", ...pressed({ do: "tamper" }) }, say("tamper")),
      trust.tamperAt !== undefined &&
        h(
          "button",
          { class: "move", key: "untamper", type: "button", ...pressed({ do: "untamper" }) },
          say("tamperUndo"),
        ),
    ),
  );
}

function steps(seen: Seen, number: number, checked: Checked): Child {
  const { facts } = checked;
  if (facts === undefined) return undefined;
  const roll = seen.view?.rolls.find((each) => each.roll === number);
  return [proofSteps(seen, checked, facts), agreed(seen, roll, checked, facts)];
}

/** What is in the proof itself; the page at home shows no more. */
export function proofSteps(seen: Seen, { digest }: Checked, facts: RollFacts): Element {
  const { say } = seen;
  const isShared = facts.way === "distributed";
  const gaps = { count: facts.parts.length, members: facts.members.length };
  return h(
    "ol",
    { class: "steps", key: "steps" },
    h("li", { key: "lock" }, h("h3", {}, say("trustLock")), h("p", {}, say("trustLockWords")), hexLine(facts.lock)),
    h(
      "li",
      { key: "parts" },
      h("h3", {}, say(isShared ? "trustParts" : "trustSecrets")),
      h("p", {}, say(isShared ? "trustPartsWords" : "trustSecretsWords", gaps)),
      h(
        "ul",
        { class: "parts" },
        facts.parts.map((part) => partLine(seen, part, facts.members)),
      ),
    ),
    h(
      "li",
      { key: "output" },
      h("h3", {}, say("trustOutput")),
      h("p", {}, say("trustOutputWords")),
      hexLine(facts.output ?? facts.input),
      h(
        "p",
        { class: "pair" },
        [facts.first, facts.second].filter((face) => face >= 1 && face <= 6).map((face) => flatDie(face)),
      ),
    ),
    h("li", { key: "digest", class: "unnumbered" }, h("h3", {}, say("digest")), hexLine(digest)),
    h(
      "li",
      { key: "members", class: "unnumbered" },
      h("h3", {}, say("members")),
      h("p", {}, say("tableIs"), ": ", hexLine(facts.table)),
      h("p", {}, say("epochIs", { epoch: facts.epoch })),
      h(
        "ul",
        { class: "member-keys" },
        facts.members.map((key, member) =>
          h("li", {}, h("b", {}, partName(seen, member, facts.members)), hexLine(key)),
        ),
      ),
    ),
  );
}

function partLine(seen: Seen, { member, bytes, state }: PartFacts, members: readonly string[]): Element {
  const words: { readonly [state in PartFacts["state"]]: StringKey } = {
    ...({ sound: "trustSound", unsound: "trustUnsound", unknown: "trustUnknown" } as const),
  };
  return h(
    "li",
    { class: `part ${state}`, key: `${member}` },
    h("b", {}, seen.say("trustPart", { name: partName(seen, member, members) })),
    h("span", { class: "part-state" }, seen.say(words[state])),
    hexLine(bytes),
  );
}

/** By its key: when the roll was thrown others may have been members, in other places. Whoever is none any more is its key's beginning. */
function partName({ view, language, say }: Seen, member: number, keys: readonly string[] = []): string {
  if (view === undefined) return say("kiosk", { number: member + 1 });
  const key = keys[member];
  const now = view.members.find((each) => each.key === key);
  if (now !== undefined) return nameOf(language, view, now.member);
  return key === undefined ? nameOf(language, view, member) : `${key.slice(0, KEY_SHOWN_LENGTH)}…`;
}

const KEY_SHOWN_LENGTH = 8;

/** Beside the proof, not in it: who signed that the table agreed. Where the kiosk sent no signatures, the number alone. */
function agreed(seen: Seen, roll: ShownRoll | undefined, { quorum }: Checked, facts: RollFacts): Child {
  const { say } = seen;
  if (quorum === undefined && roll === undefined) return undefined;
  const signers = quorum?.signers ?? [];
  const gaps = {
    count: signers.length,
    members: facts.members.length,
    sequence: quorum?.sequence ?? roll?.sequence ?? 0,
  };
  return h(
    "div",
    { class: "agreed", key: "agreed" },
    h("h3", {}, say("trustAgreed")),
    h("p", {}, say(quorum === undefined ? "trustNumber" : "trustAgreedWords", gaps)),
    quorum !== undefined &&
      h(
        "p",
        { class: `part ${quorum.isSound ? "sound" : "unsound"}` },
        h("b", {}, signers.map((member) => partName(seen, member, facts.members)).join(" · ")),
        h("span", { class: "part-state" }, say(quorum.isSound ? "trustSound" : "trustUnsound")),
      ),
  );
}

function keep(seen: Seen, trust: TrustShown, { digest }: Checked): Element {
  const { say } = seen;
  const isOpen = trust.code !== undefined;
  return h(
    "div",
    { class: "keep", key: "keep" },
    h(
      "div",
      { class: "dialog-row" },
      h("button", { class: "move", key: "file", type: "button", ...pressed({ do: "save" }) }, say("proofFile")),
      h(
        "button",
        {
          class: "move",
          key: "code",
          type: "button",
          "aria-expanded": `${isOpen}`,
          ...pressed({ do: "code", part: isOpen ? -1 : 0 }),
        },
        say("proofCode"),
      ),
      h("a", { class: "move", key: "verifier", href: "download/verify-a-roll.html", download: true }, say("verifier")),
    ),
    h("p", { class: "fine-print" }, say("verifierWords")),
    trust.code !== undefined && code(seen, trust, digest, trust.code),
  );
}

function code({ say }: Seen, { text }: TrustShown, digest: string, asked: number): Element {
  const codes = proofCodes(proofAlone(text), digest);
  const part = Math.min(asked, codes.texts.length - 1);
  const words =
    codes.type === "digest"
      ? say("proofDigestWords")
      : say("proofCodeWords", { part: part + 1, parts: codes.texts.length });
  const turn = (to: number, word: StringKey): Element =>
    h(
      "button",
      {
        ...{ class: "move", key: word, type: "button" },
        ...{ "aria-disabled": to < 0 || to >= codes.texts.length ? "true" : undefined },
        ...pressed({ do: "code", part: Math.max(0, Math.min(to, codes.texts.length - 1)) }),
      },
      say(word),
    );
  return h(
    "div",
    { class: "code", key: "shown-code" },
    drawn(codes.texts[part], words),
    h("p", {}, words),
    codes.texts.length > 1 && h("div", { class: "dialog-row" }, turn(part - 1, "back"), turn(part + 1, "next")),
  );
}

function drawn(text: string, label: string): Element {
  const rows = codeModules(text);
  const path = rows
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + MARGIN} ${y + MARGIN}h1v1h-1z` : "")))
    .join("");
  const size = rows.length + 2 * MARGIN;
  return h(
    "svg",
    { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    h("rect", { width: size, height: size, class: "qr-light" }),
    h("path", { d: path, class: "qr-dark" }),
  );
}

/** In modules, as the standard has it. */
const MARGIN = 4;

const hexLine = (hex: string): Element =>
  h("code", { class: "hex", dir: "ltr" }, hex.replace(/(.{8})(?=.)/g, "$1\u200b"));

const byteText = (byte: number): string => byte.toString(16).padStart(2, "0");
