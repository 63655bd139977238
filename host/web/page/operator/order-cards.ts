/** What an operator can do: faults in virtual air, settings from their schema, backups, log levels, a pause. */
import type { Logs } from "../../contract/operator-part.ts";
import { type Child, h } from "../dom/element.ts";
import { attackersCard, faultsCard } from "./faults-card.ts";
import type { OperatorState, WatchedKiosk } from "./operator-state.ts";
import { asks, orderButton } from "./order-button.ts";
import { pairingCard } from "./pairing-card.ts";
import { count, panelCard } from "./panel-card.ts";
import { controlOf } from "./setting-control.ts";

export function orderCards(of: OperatorState, watched: WatchedKiosk): Child[] {
  if (of.session?.isOperator !== true) return [];
  return [
    faultsCard(watched, true),
    attackersCard(of, watched),
    dutyCard(watched),
    pairingCard(watched, of.now),
    settingsCard(of),
    logsCard(of, watched),
  ];
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
    h(
      "div",
      { class: "dialog-row" },
      orderButton(kiosk, "Back up now", { type: "backup" }),
      h("a", { class: "move", href: `/api/ledger?kiosk=${kiosk}`, download: "ledger.json" }, "Signed ledger"),
    ),
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
      view.radios.flatMap(({ device }) => {
        const name = device.split("/").at(-1);
        return [
          orderButton(kiosk, `Blink ${name}`, { type: "identify", device }),
          orderButton(kiosk, `Restart ${name}`, { type: "restartRadio", device }),
        ];
      }),
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
