/** A kiosk's view as text, part by part: written once for all pages that see the same. What only operators see is told nobody else. */
import type { Alert } from "../contract/state-part.ts";
import { type KioskView, PART_NAMES, type PartName } from "../contract/view.ts";
import type { KioskNow, KioskPort } from "./kiosk-port.ts";

export type PartTexts = { readonly [Name in PartName]: string };

export interface Shown {
  readonly revision: number;
  readonly parts: PartTexts;
}

export interface Showing {
  readonly port: KioskPort;
  alerts: readonly Alert[];
  /** As they were written last: for players, for operators. */
  readonly written: Written[];
}

interface Written {
  readonly now: KioskNow;
  readonly alerts: readonly Alert[];
  readonly shown: Shown;
}

export const showing = (port: KioskPort): Showing => ({ port, alerts: [], written: [] });

export const viewFor = ({ port, alerts }: Showing, isOperator: boolean): KioskView => {
  const { view } = port.view();
  return isOperator ? { ...view, alerts } : withoutSecrets({ ...view, alerts });
};

/** The same object, with the same texts, until something has changed. */
export function shownTo(of: Showing, isOperator: boolean): Shown {
  const at = isOperator ? 1 : 0;
  const now = of.port.view();
  const last = of.written[at];
  if (last !== undefined && last.now === now && last.alerts === of.alerts) return last.shown;
  const view = viewFor(of, isOperator);
  const parts: { [name: string]: string } = {};
  for (const name of PART_NAMES) {
    const text = JSON.stringify(view[name]);
    // The same text is the same object: who was sent it is known by that.
    parts[name] = last?.shown.parts[name] === text ? last.shown.parts[name] : text;
  }
  const shown = { revision: now.revision, parts: parts as PartTexts };
  of.written[at] = { now, alerts: of.alerts, shown };
  return shown;
}

/** Suspicion is proof of nothing, and is shown to no player. */
const withoutSecrets = (view: KioskView): KioskView => ({
  ...view,
  members: view.members.map((member) => ({ ...member, reputation: null, oddities: [] })),
  operator: null,
});
