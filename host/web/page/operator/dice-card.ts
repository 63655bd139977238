/** The dice of this table, held against chance. */
import type { KioskView } from "../../contract/view.ts";
import type { Child } from "../dom/element.ts";
import { count, panelCard, rows } from "./panel-card.ts";

export function diceCard({ operator }: KioskView): Child {
  const dice = operator?.dice ?? null;
  if (dice === null) return false;
  const { rolls, faces, alarm, alarmedAt } = dice;
  const thrown = `${count(rolls)} roll${rolls === 1 ? "" : "s"}`;
  return panelCard(
    "dice",
    "Dice",
    alarmedAt === null,
    alarmedAt === null
      ? `fair as far as ${thrown} show`
      : `not fair: the alarm was given after roll ${count(alarmedAt)}`,
    rows(...faces.map((fell, at) => [`Face ${at + 1}`, count(fell)] as const), [
      "On the way to the alarm",
      `${Math.round(100 * alarm)} %`,
    ]),
  );
}
