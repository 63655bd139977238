/** What an operator can do: faults in virtual air, settings from their schema, backups, log levels, a pause. */
import type { Logs } from "../../contract/operator-part.ts";
import type { OperatorOrder } from "../../contract/orders.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import type { OperatorPress } from "./operator-events.ts";
import type { OperatorState, WatchedKiosk } from "./operator-state.ts";
import { controlOf } from "./setting-control.ts";
import { count, panelCard } from "./watch-cards.ts";

export const asks = (press: OperatorPress): { readonly "data-press": string } => ({
  "data-press": JSON.stringify(press),
});

export function orderButton(kiosk: number, text: string, order: OperatorOrder, look = ""): Element {
  return h(
    "button",
    { class: `move ${look}`, type: "button", key: text, ...asks({ do: "order", kiosk, order }) },
    text,
  );
}

export function orderCards(of: OperatorState, watched: WatchedKiosk): Child[] {
  if (of.session?.isOperator !== true) return [];
  return [faultsCard(watched), dutyCard(watched), settingsCard(of), logsCard(of, watched)];
}

const LOSSES: readonly number[] = Object.freeze([0, 0.05, 0.2, 0.5]);

/** Where radios are boards there is nothing to be made wrong. */
export function faultsCard({ kiosk, view }: WatchedKiosk): Child {
  const faults = view?.operator?.faults;
  if (view === undefined || faults === null || faults === undefined) return undefined;
  if (faults.whyNot !== null) return panelCard("faults", "Faults", undefined, "radios are real");
  const all = view.members.map(({ member }) => member);
  const isWhole =
    faults.loss === 0 && faults.groups.length === 0 && faults.killed.length + faults.cheating.length === 0;
  const half = Math.ceil(all.length / 2);
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
    h(
      "ul",
      { class: "op-faults" },
      view.members.map(({ member, name }) => {
        const isKilled = faults.killed.includes(member);
        const cheat = faults.cheating.find((each) => each.member === member)?.cheat;
        const others = all.filter((each) => each !== member);
        return h(
          "li",
          { key: `${member}` },
          h(
            "b",
            {},
            name,
            isKilled && h("span", { class: "tag bad" }, "killed"),
            cheat !== undefined && h("span", { class: "tag bad" }, cheat),
          ),
          isKilled
            ? orderButton(kiosk, "Start", { type: "fault", fault: "start", member })
            : orderButton(kiosk, "Kill", { type: "fault", fault: "kill", member }, "danger"),
          orderButton(kiosk, "Carry away", { type: "fault", fault: "partition", groups: [[member], others] }),
          orderButton(kiosk, "Two tongues", { type: "fault", fault: "cheat", member, cheat: "equivocation" }, "danger"),
          orderButton(
            kiosk,
            "Hold dice",
            { type: "fault", fault: "cheat", member, cheat: "withheldPartial" },
            "danger",
          ),
          orderButton(kiosk, "Forge dice", { type: "fault", fault: "cheat", member, cheat: "forgedPartial" }, "danger"),
        );
      }),
    ),
  );
}

const PAUSES: readonly (readonly [string, number])[] = Object.freeze([
  ...([["Pause a minute", 60_000] as const, ["Pause ten", 600_000] as const, ["Go on", 0] as const] as const),
]);

function dutyCard({ kiosk, view }: WatchedKiosk): Child {
  const duty = view?.operator;
  if (view === undefined || duty === null || duty === undefined) return undefined;
  return panelCard(
    "duty",
    "Duty",
    undefined,
    duty.writtenBytesADay === null
      ? "writing not yet judged"
      : `${count(Math.round(duty.writtenBytesADay / 1e6))} MB written a day`,
    h(
      "div",
      { class: "dialog-row" },
      PAUSES.map(([text, ms]) => orderButton(kiosk, text, { type: "pause", ms })),
    ),
    h("div", { class: "dialog-row" }, orderButton(kiosk, "Back up now", { type: "backup" })),
    h(
      "ul",
      { class: "op-backups" },
      [...duty.backups]
        .reverse()
        .map(({ name, at, sizeBytes, why }) =>
          h(
            "li",
            { key: name },
            `${name} · ${count(Math.ceil(sizeBytes / 1024))} KB · ${why} · ${new Date(at).toISOString().slice(0, 16).replace("T", " ")}`,
          ),
        ),
    ),
    h(
      "div",
      { class: "dialog-row" },
      view.radios.map(({ device }) =>
        orderButton(kiosk, `Blink ${device.split("/").at(-1)}`, { type: "identify", device }),
      ),
    ),
  );
}

function settingsCard({ settings }: OperatorState): Child {
  if (settings === undefined) return undefined;
  return panelCard(
    "settings",
    "Settings",
    undefined,
    `${settings.settings.filter(({ isStandard }) => !isStandard).length} differ from the standard`,
    h(
      "ul",
      { class: "op-settings" },
      settings.settings.map((setting) => {
        const { key, whyNot, needsRestart, isStandard } = setting;
        const id = `setting-${key}`;
        return h(
          "li",
          { key, class: isStandard ? "" : "changed" },
          h("label", { for: id }, key, needsRestart && h("span", { class: "tag" }, "at the next start")),
          controlOf(settings.schema, setting, id),
          whyNot === null
            ? h(
                "button",
                {
                  class: "move",
                  type: "button",
                  "aria-label": `Set ${key}`,
                  "data-typed": id,
                  ...asks({ do: "set", key }),
                },
                "Set",
              )
            : h("small", {}, whyNot),
        );
      }),
    ),
  );
}

const LEVELS: readonly Logs["level"][] = Object.freeze([...(["silent", "error", "warn", "info", "debug"] as const)]);

function logsCard({ logs }: OperatorState, { kiosk }: WatchedKiosk): Child {
  if (logs === undefined) return undefined;
  return panelCard(
    "logs",
    "Log",
    undefined,
    logs.level,
    h(
      "div",
      { class: "dialog-row", role: "group", "aria-label": "Log level" },
      LEVELS.map((level) =>
        h(
          "button",
          {
            class: "move",
            type: "button",
            "aria-pressed": `${logs.level === level}`,
            ...asks({ do: "order", kiosk, order: { type: "logLevel", level } }),
          },
          level,
        ),
      ),
      h("button", { class: "move", type: "button", ...asks({ do: "logs" }) }, "Read again"),
    ),
    h(
      "ol",
      { class: "op-log", tabindex: 0, "aria-label": "Log lines" },
      [...logs.lines]
        .reverse()
        .map(({ at, part, level, what, values }) =>
          h(
            "li",
            { class: level },
            h("time", {}, new Date(at).toISOString().slice(11, 23)),
            ` ${part} `,
            h("b", {}, what),
            ` ${values === "{}" ? "" : values}`,
          ),
        ),
    ),
  );
}
