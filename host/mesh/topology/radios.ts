/** What a kiosk's radios can do in the mesh: each opens links or accepts them, as it was told once a boot, and only a board that
 * has proved it does both. */
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import type { Role as RoleLayout } from "../../../protocol/radio/fields.ts";

export type Role = ValueOf<typeof RoleLayout>;

/** A part of what is known of a board's BLE. */
export interface RadioLimits {
  readonly server: boolean;
  readonly client: boolean;
  readonly dualProved: boolean;
  readonly linksAsServer: number;
  readonly linksAsClient: number;
}

export interface KioskRadios {
  readonly radios: readonly RadioLimits[];
  /** What they were told already, where they run: another role costs a boot and every link. */
  readonly roles?: readonly Role[];
}

/** One way to give a kiosk's radios their roles, and how many links that accepts and opens. */
export interface Casting {
  readonly roles: readonly Role[];
  readonly accepts: number;
  readonly opens: number;
}

export const acceptsAs = (radio: RadioLimits, role: Role): number => (role === "client" ? 0 : radio.linksAsServer);
export const opensAs = (radio: RadioLimits, role: Role): number => (role === "server" ? 0 : radio.linksAsClient);

/** Those of which no other accepts and opens as many, the most balanced first. With roles that are given, only these. */
export function castings({ radios, roles }: KioskRadios): readonly Casting[] {
  let all: Casting[] = [{ roles: [], accepts: 0, opens: 0 }];
  for (const [at, radio] of radios.entries()) {
    const given = roles?.[at];
    const options = given === undefined ? rolesOf(radio) : [given];
    const next: Casting[] = [];
    for (const { roles, accepts, opens } of all) {
      for (const role of options) {
        next.push({
          roles: [...roles, role],
          accepts: accepts + acceptsAs(radio, role),
          opens: opens + opensAs(radio, role),
        });
      }
    }
    all = best(next);
  }
  return all;
}

function rolesOf({ server, client, dualProved }: RadioLimits): readonly Role[] {
  if (server && client && dualProved) return ["dual"];
  const roles: Role[] = [];
  if (server) roles.push("server");
  if (client) roles.push("client");
  return roles;
}

function best(all: readonly Casting[]): Casting[] {
  const kept: Casting[] = [];
  const sorted = [...all].sort((left, right) => right.accepts - left.accepts || right.opens - left.opens);
  for (const each of sorted) if (kept.every(({ opens }) => opens < each.opens)) kept.push(each);
  const imbalance = ({ accepts, opens }: Casting): number => Math.abs(accepts - opens);
  return kept.sort((left, right) => imbalance(left) - imbalance(right));
}
