/** A kiosk that looks for a place, over its own radios: it knows a table's secret, and somebody of the table whom it believes. When
 * it has its place its radios are closed, and it starts as every member does. */
import { noise, secureCrypto } from "../crypto/noise.ts";
import { nameOfKey } from "../mesh/judge.ts";
import { partOf } from "../mesh/topology/part.ts";
import { tableKeys } from "../secure/table-secret.ts";
import { type Visit, type VisitOptions, visit } from "./joining-visit.ts";
import { VIEW_EVERY_MS } from "./limits.ts";
import { meshMail } from "./mail.ts";
import { type Radios, type RadioTransportOptions, radios } from "./radio-transport.ts";
import { secureTransport } from "./secure-transport.ts";

export interface StartVisitOptions extends Omit<VisitOptions, "mail"> {
  /** The table's. */
  readonly secret: Uint8Array;
  readonly hash: (bytes: Uint8Array) => Uint8Array;
  /** 32 bytes that nobody can guess. */
  readonly draw: () => Uint8Array;
  readonly radios: RadioTransportOptions["radios"];
  readonly driver: Pick<RadioTransportOptions, "clock" | "ports" | "board" | "testsWire">;
}

export interface StartedVisit extends Visit {
  readonly radios: Radios;
}

export function startVisit(options: StartVisitOptions): StartedVisit {
  const { key, ports, table, anchors, clock, draw, hash } = options;
  const { handshake, adverts } = tableKeys(options.secret, table, noise);
  const identities = [...anchors, key];
  const air = radios({
    ...{ me: anchors.length, identities, advertsKey: adverts, radios: options.radios, times: clock },
    ...{ own: draw(), seed: seedOf(draw()), ...options.driver },
  });
  const secured = secureTransport({
    ...{ bare: air.open, clock, table, secret: handshake, draw },
    ports: secureCrypto(key, ports),
  });
  const visiting = visit({ ...options, mail: meshMail({ transport: secured.open, seed: seedOf(draw()), hash }) });

  const names = identities.map(nameOfKey);
  let callOff = (): void => {};
  const look = (): void => {
    // Whoever believes somebody calls them: nobody of the table knows this kiosk yet.
    air.view(partOf(visiting.mesh, names), anchors.map(nameOfKey));
    callOff = clock.after(VIEW_EVERY_MS, look);
  };
  look();
  return {
    ...visiting,
    radios: air,
    close() {
      callOff();
      visiting.close();
    },
  };
}

const seedOf = (drawn: Uint8Array): number => new DataView(drawn.buffer, drawn.byteOffset).getUint32(0);
