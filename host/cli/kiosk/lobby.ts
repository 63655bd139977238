/** Where others may ask a running kiosk for a place at its table: what a proof of identity has to cost there is in the configuration,
 * and whoever checks it is a process of its own, so that no vote waits for a hash. */
import { FEATURES, PROTOCOL_MAJOR, PROTOCOL_MINOR, type ProtocolVersion } from "../../../protocol/core/version.ts";
import type { Config } from "../../config/defaults.ts";
import { type IdentityDesk, identityDesk } from "../../crypto/work/identity-desk.ts";
import type { IdentityScope } from "../../engine/identity/record.ts";
import { nodeClock } from "../../node/clock.ts";
import { identifying } from "../../node/joining-identity.ts";
import type { KioskOptions } from "../../node/start-kiosk.ts";

export interface OpenLobby {
  readonly lobby: NonNullable<KioskOptions["lobby"]>;
  readonly close: () => Promise<void>;
}

/** Of this software, and what all members of a table of ours use. */
export const OWN_VERSION: ProtocolVersion = Object.freeze({
  ...{ major: PROTOCOL_MAJOR, minor: PROTOCOL_MINOR },
  features: FEATURES.commitReveal | FEATURES.distributedRandomness,
});

export function openLobby({ kiosk, identity }: Config, scope: IdentityScope, memberCount: number): OpenLobby {
  let desk: IdentityDesk | undefined;
  const identify = identifying((on) => {
    desk = identityDesk({
      settings: {
        profiles: [{ name: identity.profile, baseBits: identity.work_bits }],
        networkSize: memberCount,
        // Drawn with the table's secret: nobody laid proofs in store before.
        beacon: { fromMs: 0, value: scope.beacon },
        verifierCount: 1,
      },
      ...{ network: scope.network, now: nodeClock.now, wallMs: nodeClock.wallMs, on },
    });
    return desk;
  });
  return {
    lobby: { name: kiosk.name, needed: OWN_VERSION, identify },
    close: async () => desk?.close(),
  };
}
