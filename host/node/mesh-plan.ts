/** Which radio of a kiosk does what, and whom it opens links to, where the boards of all kiosks are known. */
import { plan, planInWords } from "../mesh/topology/plan.ts";
import type { KioskRadios, RadioLimits, Role } from "../mesh/topology/radios.ts";

export interface KioskPlan {
  /** By radio. */
  readonly roles: readonly Role[];
  /** Kiosks that it opens a link to, by their places. */
  readonly opens: readonly number[];
}

export interface MeshPlan {
  readonly kiosks: readonly KioskPlan[];
  readonly linkCount: number;
  /** What the links bear, for people. */
  readonly words: string;
}

/** `boards`: by kiosk and radio, what each can do. */
export function meshPlan(boards: readonly (readonly RadioLimits[])[]): MeshPlan {
  const found = plan(boards.map((radios): KioskRadios => ({ radios })));
  const kiosks = boards.map(
    (_, kiosk): KioskPlan => ({
      roles: found.roles[kiosk],
      opens: found.links.filter(({ client }) => client.kiosk === kiosk).map(({ server }) => server.kiosk),
    }),
  );
  return { kiosks, linkCount: found.links.length, words: planInWords(found) };
}

/** Of a kiosk that knows no others' boards: what opens links and what accepts them by turns, and what does both as it can. */
export const rolesAlone = (radios: number): readonly Role[] =>
  [...Array(radios)].map((_, at) => (at % 2 === 0 ? "client" : "server"));
