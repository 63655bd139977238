/** A kiosk that has no table and knows nobody, over its own radios: all it can do is to be paired. */
import { TABLE_ID_SIZE } from "../../protocol/core/limits.ts";
import { noise, secureCrypto } from "../crypto/noise.ts";
import type { Ports } from "../engine/ports.ts";
import type { NodeClock } from "./clock.ts";
import { VIEW_EVERY_MS } from "./limits.ts";
import { type PairingControl, type PairingPage, pairingDesk } from "./pairing-desk.ts";
import { type Radios, type RadioTransportOptions, radios } from "./radio-transport.ts";
import { secureTransport } from "./secure-transport.ts";
import type { TransportListener } from "./transport.ts";

export interface StartPairingOptions {
  readonly key: Uint8Array;
  /** With the kiosk's own key. */
  readonly ports: Ports;
  readonly clock: NodeClock;
  /** 32 bytes that nobody can guess. */
  readonly draw: () => Uint8Array;
  readonly radios: RadioTransportOptions["radios"];
  readonly driver: Pick<RadioTransportOptions, "clock" | "ports" | "board" | "testsWire">;
  readonly onChange?: (page: PairingPage) => void;
}

export interface StartedPairing {
  readonly pairing: PairingControl;
  readonly radios: Radios;
  readonly close: () => void;
}

export function startPairing(options: StartPairingOptions): StartedPairing {
  const { key, ports, clock, draw, onChange } = options;
  const desk = pairingDesk({ clock, draw, ports: noise, ...(onChange === undefined ? {} : { onChange }) });
  // What it would be called by is nobody's business: there is no table whose members could read it.
  const air = radios({
    ...{ me: 0, identities: [key], advertsKey: draw(), radios: options.radios, times: clock },
    ...{ own: draw(), ...options.driver },
  });
  const secured = secureTransport({
    ...{ bare: air.open, clock, table: new Uint8Array(TABLE_ID_SIZE), secret: undefined, pairing: desk, draw },
    ports: secureCrypto(key, ports),
  });
  const transport = secured.open(NOBODY);
  let callOff = (): void => {};
  const look = (): void => {
    air.pair(desk.isOpen());
    callOff = clock.after(VIEW_EVERY_MS, look);
  };
  look();
  return {
    pairing: desk,
    radios: air,
    close() {
      callOff();
      desk.close();
      transport.close();
    },
  };
}

/** Of its links none ever comes to a loop. */
const NOBODY: TransportListener = Object.freeze({
  ...{ onUp: () => {}, onDown: () => {}, onPacket: () => {}, onSettled: () => {} },
});
