/** What an operator has made wrong where radios are virtual; all of it is gone after "heal". Kiosks are named as `?kiosk=` names them:
 * one that is killed, or that has lost its seat, is still there to be started. */
import { z } from "zod";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { CHEATS } from "./cheats.ts";
import { label, many, member, orNull, record, share, whyNot } from "./forms.ts";

/** As many as there are members, at first. */
export const kioskNumber = member;

export const FaultsPart = record({
  /** No faults can be made with boards that are there. */
  whyNot,
  loss: share,
  /** Kiosks that reach each other, group by group; none while the air is whole. */
  groups: many(many(kioskNumber, MEMBERS_MAX), MEMBERS_MAX),
  /** All of this address. */
  kiosks: many(
    record({ kiosk: kioskNumber, name: label, isKilled: z.boolean(), cheat: orNull(z.enum(CHEATS)) }),
    MEMBERS_MAX,
  ),
});
export type FaultsPart = z.output<typeof FaultsPart>;

/** Where nobody can make anything wrong. */
export const NO_FAULTS: FaultsPart = Object.freeze({ whyNot: "real radios", loss: 0, groups: [], kiosks: [] });
