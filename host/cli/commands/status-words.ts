/** A kiosk's state on a screen of a terminal: what to do first, then where it stands. */
import type { KioskView } from "../../web/contract/view.ts";
import type { Health } from "../../web/server/health.ts";

const RADIOS_SHOWN = 8;

export function statusWords(view: KioskView, health: Health, url: string): string[] {
  const { kiosk, table, members, consensus, ledger, radios, recovery, rolls, alerts, mesh } = view;
  const here = members.filter(({ link }) => link !== "none").length;
  const leader = members.find(({ isPrimary }) => isPrimary)?.name ?? "nobody";
  const sorted = [...consensus.latenciesMs].sort((left, right) => left - right);
  const median = sorted[sorted.length >> 1];
  const away = members.filter(({ link }) => link === "none").map(({ name }) => name);
  const last = rolls.at(-1);
  return [
    `${kiosk.name}: ${recovery.state}. ${recovery.words}`,
    ...alerts.map(({ severity, words }) => `${severity === "critical" ? "FAIL" : "WARN"}  ${words}`),
    ...health.components
      .filter(({ state }) => state !== "ok")
      .map(({ component, state, words }) => `${state === "failed" ? "FAIL" : "WARN"}  ${component}: ${words}`),
    `table    ${table.id?.slice(0, 8) ?? "none"}, epoch ${table.epoch}, ${here} of ${members.length} kiosks here${
      away.length === 0 ? "" : `; away: ${away.join(", ")}`
    }`,
    `agreed   sequence ${consensus.sequence}, view ${consensus.view}, ${leader} leads${
      consensus.isChanging ? " (changing)" : ""
    }, ${consensus.operations} operations${median === undefined ? "" : `, ${median} ms`}`,
    ...(consensus.muted === null ? [] : [`WARN  signs nothing: ${consensus.muted}`]),
    `rolls    ${last === undefined ? "none yet" : `roll ${last.roll}: ${last.fell === null ? "called off" : `${last.fell.first} + ${last.fell.second}`}`}`,
    ...(ledger === null
      ? []
      : [
          `chips    ${ledger.isBalanced ? "every one is somewhere" : `THE SUM IS WRONG by ${ledger.difference}`}, ${ledger.free + ledger.locked} with players`,
        ]),
    `air      ${mesh.links.filter(({ from, to }) => from < to).length} links, ${mesh.sent} packets sent, ${mesh.dropped + mesh.unknown} lost`,
    ...radios
      .slice(0, RADIOS_SHOWN)
      .map(({ words, links, role }) => `radio    ${words}; ${role ?? "no role"}, ${links} links`),
    ...(radios.length === 0 ? ["radio    none"] : []),
    `journal  ${recovery.journal.verdict} with ${recovery.journal.records} records at its start`,
    `page     ${url}`,
  ];
}
