/** What can be made wrong where radios are virtual: the air, a kiosk, and its honesty. */
import { CHEATS } from "../../contract/cheats.ts";
import type { FaultsPart } from "../../contract/faults-part.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import { CHEAT_WORDS } from "./cheat-words.ts";
import type { OperatorState, WatchedKiosk } from "./operator-state.ts";
import { asks, orderButton } from "./order-button.ts";
import { panelCard } from "./panel-card.ts";

type FaultyKiosk = FaultsPart["kiosks"][number];

const LOSSES: readonly number[] = Object.freeze([0, 0.05, 0.2, 0.5]);

export const faultsOf = ({ view }: WatchedKiosk): FaultsPart | undefined => view?.operator?.faults;

/** Where radios are boards there is nothing to be made wrong. */
export function faultsCard(watched: WatchedKiosk, withKiosks: boolean): Child {
  const { kiosk } = watched;
  const faults = faultsOf(watched);
  if (faults === undefined) return undefined;
  if (faults.whyNot !== null) return panelCard("faults", "Faults", undefined, "radios are real");
  const all = faults.kiosks.map((each) => each.kiosk);
  const half = Math.ceil(all.length / 2);
  const isWhole = isWithoutFaults(faults);
  return panelCard(
    "faults",
    "Faults",
    isWhole,
    isWhole ? "none made" : "made wrong on purpose",
    h(
      "div",
      { class: "dialog-row", role: "group", "aria-label": "Loss in the air" },
      "Loss",
      LOSSES.map((share) =>
        h(
          "button",
          {
            class: "move",
            type: "button",
            "aria-pressed": `${faults.loss === share}`,
            ...asks({ do: "order", kiosk, order: { type: "fault", fault: "loss", share } }),
          },
          `${share * 100} %`,
        ),
      ),
    ),
    h(
      "div",
      { class: "dialog-row", role: "group", "aria-label": "Partition" },
      "Air",
      orderButton(kiosk, "Cut in two", {
        type: "fault",
        fault: "partition",
        groups: [all.slice(0, half), all.slice(half)],
      }),
      orderButton(kiosk, "Heal everything", { type: "fault", fault: "heal" }, "healing"),
    ),
    withKiosks &&
      h(
        "ul",
        { class: "op-faults" },
        faults.kiosks.map((one) =>
          h("li", { key: `${one.kiosk}` }, h("b", {}, one.name, faultTags(one)), kioskFaults(kiosk, faults, one)),
        ),
      ),
  );
}

export const isWithoutFaults = ({ loss, groups, kiosks }: FaultsPart): boolean =>
  loss === 0 && groups.length === 0 && kiosks.every(({ isKilled, cheat }) => !isKilled && cheat === null);

export const faultTags = ({ isKilled, cheat }: FaultyKiosk): Child[] => [
  isKilled && h("span", { class: "tag bad" }, "killed"),
  cheat !== null && h("span", { class: "tag bad" }, `cheats: ${CHEAT_WORDS[cheat].name}`),
];

/** Told to the kiosk `by`: whichever it is, the same is done. */
export function kioskFaults(by: number, { kiosks }: FaultsPart, { kiosk, isKilled }: FaultyKiosk): Child[] {
  const others = kiosks.map((each) => each.kiosk).filter((each) => each !== kiosk);
  return [
    isKilled
      ? orderButton(by, "Start", { type: "fault", fault: "start", kiosk })
      : orderButton(by, "Kill", { type: "fault", fault: "kill", kiosk }, "danger"),
    orderButton(by, "Carry away", { type: "fault", fault: "partition", groups: [[kiosk], others] }),
  ];
}

/** Which kiosk is to cheat is chosen first; then how. */
export function attackersCard({ attacker }: OperatorState, watched: WatchedKiosk): Child {
  const faults = faultsOf(watched);
  if (faults === undefined || faults.whyNot !== null) return undefined;
  const { kiosk: by } = watched;
  const chosen = faults.kiosks.find(({ kiosk }) => kiosk === attacker) ?? faults.kiosks[0];
  if (chosen === undefined) return undefined;
  const cheating = faults.kiosks.filter(({ cheat }) => cheat !== null);
  return panelCard(
    "attackers",
    "Let a kiosk cheat",
    cheating.length === 0,
    cheating.length === 0 ? "all are honest" : `${cheating.map(({ name }) => name).join(", ")} cheats`,
    h(
      "div",
      { class: "dialog-row", role: "group", "aria-label": "Who cheats" },
      "Who",
      faults.kiosks.map(({ kiosk, name }) =>
        h(
          "button",
          {
            class: "move",
            key: `${kiosk}`,
            type: "button",
            "aria-pressed": `${kiosk === chosen.kiosk}`,
            ...asks({ do: "attacker", kiosk }),
          },
          name,
        ),
      ),
    ),
    h(
      "ul",
      { class: "op-cheats" },
      CHEATS.map((cheat) => attackerRow(by, chosen, cheat)),
    ),
  );
}

function attackerRow(by: number, { kiosk, cheat }: FaultyKiosk, one: (typeof CHEATS)[number]): Element {
  const { name, tries, becomes, isProvable } = CHEAT_WORDS[one];
  const isOn = cheat === one;
  return h(
    "li",
    { key: one },
    h(
      "button",
      {
        class: "move danger",
        type: "button",
        "aria-pressed": `${isOn}`,
        ...asks({ do: "order", kiosk: by, order: { type: "fault", fault: "cheat", kiosk, cheat: isOn ? null : one } }),
      },
      name,
    ),
    h(
      "p",
      {},
      tries,
      " ",
      h("em", {}, becomes),
      h("span", { class: `tag ${isProvable ? "bad" : ""}` }, isProvable ? "proved, and paid for" : "cannot be proved"),
    ),
  );
}
