/** What a kiosk tells its operator, part by part: each card says first whether all is well. */
import type { KioskView } from "../../contract/view.ts";
import { type Child, type Element, h } from "../dom/element.ts";
import { diceCard } from "./dice-card.ts";
import { meshMap } from "./mesh-map.ts";
import { count, panelCard, rows } from "./panel-card.ts";
import { trustCard } from "./trust-card.ts";

export function watchCards(view: KioskView): Child[] {
  return [
    meshCard(view),
    consensusCard(view),
    radiosCard(view),
    ledgerCard(view),
    trustCard(view),
    diceCard(view),
    recoveryCard(view),
  ];
}

function meshCard(view: KioskView): Element {
  const { mesh, members } = view;
  const reached = members.filter(({ link }) => link !== "none").length;
  const isWell = !mesh.isPartitioned && reached === members.length;
  return panelCard(
    "mesh",
    "Mesh",
    isWell,
    meshVerdict(view, reached),
    meshMap(view),
    rows(
      ["Links that may fail first", count(mesh.connectivity)],
      ["Packets sent", count(mesh.sent)],
      ["Dropped, overtaken, unknown", [mesh.dropped, mesh.overtaken, mesh.unknown].map(count).join(" · ")],
    ),
    h(
      "table",
      {},
      h("caption", { class: "hidden" }, "Members"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Kiosk", "Way", "Trust", "Behaviour here"].map((head) => h("th", { scope: "col" }, head)),
        ),
      ),
      h(
        "tbody",
        {},
        members.map(({ name, link, trust, reputation, oddities, isQuarantined, isPrimary }) =>
          h(
            "tr",
            {},
            h(
              "td",
              {},
              name,
              isPrimary && h("b", { class: "tag" }, "leads"),
              isQuarantined && h("b", { class: "tag bad" }, "quarantined"),
            ),
            h("td", {}, link),
            h("td", {}, trust.toFixed(2)),
            h(
              "td",
              {},
              reputation === null ? "–" : reputation.toFixed(2),
              oddities.length > 0 && ` ${oddities.join(", ")}`,
            ),
          ),
        ),
      ),
    ),
  );
}

export function meshVerdict({ mesh, members }: KioskView, reached: number): string {
  if (mesh.isPartitioned) return `cut into ${Math.max(2, mesh.parts.length)} parts`;
  return reached === members.length ? `all ${members.length} reached` : `${reached} of ${members.length} reached`;
}

function consensusCard({ consensus, members }: KioskView): Element {
  const { view, sequence, primary, isChanging, viewChanges, operations, fast, slow, waiting, latenciesMs, muted } =
    consensus;
  const isWell = muted === null && !isChanging;
  const leader = members.find(({ member }) => member === primary)?.name ?? "nobody";
  return panelCard(
    "consensus",
    "Consensus",
    isWell,
    muted !== null
      ? `muted: ${muted}`
      : isChanging
        ? "a new leader is being chosen"
        : `view ${view}, sequence ${count(sequence)}`,
    rows(
      ["Leader", leader],
      ["Leaders changed", count(viewChanges)],
      ["Operations", count(operations)],
      ["Decided fast, by commits", `${count(fast)} · ${count(slow)}`],
      ["Waiting", count(waiting)],
      ["Latency, median", latenciesMs.length === 0 ? "–" : `${Math.round(median(latenciesMs))} ms`],
    ),
    latencies(latenciesMs),
  );
}

/** From an own request to its answer; each bar is twice as long as the one before. */
const LATENCY_BOUNDS_MS: readonly number[] = Object.freeze([25, 50, 100, 200, 400, 800, 1_600, 3_200]);

function latencies(values: readonly number[]): Element {
  const bars = [...LATENCY_BOUNDS_MS, Number.POSITIVE_INFINITY].map((to, at) => {
    const from = at === 0 ? 0 : LATENCY_BOUNDS_MS[at - 1];
    return { to, count: values.filter((value) => value > from && value <= to).length };
  });
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  return h(
    "ol",
    { class: "latencies", "aria-label": "Latency of own requests" },
    bars.map(({ to, count: many }) =>
      h(
        "li",
        { "--height": many / most },
        h("i", { "aria-hidden": "true" }),
        h("span", {}, to === Number.POSITIVE_INFINITY ? "more" : `≤ ${to} ms`),
        h("b", {}, `${many}`),
      ),
    ),
  );
}

function radiosCard({ radios }: KioskView): Element {
  const up = radios.filter(({ isUp }) => isUp).length;
  const isWell = radios.length > 0 && up === radios.length;
  const heads = ["Radio", "Board", "Firmware", "State", "Links", "Battery", "Power", "Role", "Since", "Reconnects"];
  return panelCard(
    "radios",
    "Radios",
    isWell,
    `${up} of ${radios.length} up`,
    h(
      "div",
      { class: "op-scroll", tabindex: 0, role: "group", "aria-label": "Radios" },
      h(
        "table",
        {},
        h("caption", { class: "hidden" }, "Radios"),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            heads.map((head) => h("th", { scope: "col" }, head)),
          ),
        ),
        h(
          "tbody",
          {},
          radios.map((radio) =>
            h(
              "tr",
              { class: radio.isUp ? "" : "bad-row" },
              h("td", {}, radio.device),
              h("td", {}, radio.board),
              h("td", {}, h("code", {}, radio.build?.slice(0, 8) ?? "–")),
              h("td", {}, radio.words === "" ? radio.state : radio.words),
              h("td", {}, count(radio.links)),
              h("td", {}, radio.batteryPercent === null ? "not reported" : `${radio.batteryPercent} %`),
              h("td", {}, radio.power ?? "not reported"),
              h("td", {}, radio.role ?? "–"),
              h(
                "td",
                {},
                radio.since === null ? "–" : new Date(radio.since).toISOString().slice(0, 16).replace("T", " "),
              ),
              h("td", {}, count(radio.reconnects)),
            ),
          ),
        ),
      ),
    ),
    counters(radios),
  );
}

/** All that the boards count, for whoever looks for the reason. */
function counters(radios: KioskView["radios"]): Child {
  const counted = radios.filter((radio) => Object.keys(radio.counters).length > 0);
  if (counted.length === 0) return undefined;
  return h(
    "details",
    {},
    h("summary", {}, "Counters"),
    counted.map((radio) =>
      rows(
        ["Radio", radio.device] as const,
        ...Object.entries(radio.counters).map(([name, value]) => [name, count(value)] as const),
      ),
    ),
  );
}

function ledgerCard({ ledger }: KioskView): Element {
  if (ledger === null) return panelCard("ledger", "Ledger", undefined, "no table");
  const { minted, bank, reserved, pool, burned, free, locked, staked, isBalanced, fault, difference, accounts } =
    ledger;
  return panelCard(
    "ledger",
    "Ledger",
    isBalanced,
    isBalanced ? "every chip is somewhere" : `${fault ?? "wrong"}: ${difference > 0 ? "+" : ""}${count(difference)}`,
    rows(
      ["Minted", count(minted)],
      ["Bank (may owe)", `${count(bank)} (${count(reserved)})`],
      ["Players: free, in bets", `${count(free)} · ${count(locked)}`],
      ["Staked by kiosks", count(staked)],
      ["Pool, burned", `${count(pool)} · ${count(burned)}`],
      ["Sum", count(bank + pool + burned + free + locked + staked)],
      ["Accounts", count(accounts)],
    ),
  );
}

function recoveryCard({ recovery, alerts }: KioskView): Element {
  const { state, words, journal, behind, waits } = recovery;
  const isWell = state === "playing" && alerts.length === 0;
  return panelCard(
    "recovery",
    "State",
    isWell,
    state,
    words !== "" && h("p", {}, words),
    alerts.map(({ alert, severity, words: about }) =>
      h("p", { class: `op-alert ${severity}`, key: alert }, h("b", {}, alert), ` ${about}`),
    ),
    rows(
      ["Waits for", waits.length === 0 ? "nothing" : waits.map((wait) => wait.for).join(", ")],
      ["Journal at start", `${count(journal.records)} records, ${journal.verdict}`],
      ["Behind", behind === null ? "no" : `${count(behind.from)} of ${count(behind.to)}`],
    ),
  );
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
