/** What timing a way of transport gives to honest kiosks: another for each, or every kiosk on a wire would look too fast. */

export interface TransportNorm {
  readonly name: string;
  /** Middles of honest kiosks lie so far apart by distance alone: hops on the air, machines on a wire. */
  readonly middlesSpreadMs: number;
  /** No kiosk's answers vary less than this: on the air they wait for a connection event. */
  readonly jitterMinMs: number;
}

export const WIRE_NORM: TransportNorm = Object.freeze({ name: "wire", middlesSpreadMs: 10, jitterMinMs: 0 });
/** Intervals of 20 ms and more, uniformly waited for, are 6 ms of deviation; one or two hops are 60 ms apart. */
export const AIR_NORM: TransportNorm = Object.freeze({ name: "air", middlesSpreadMs: 60, jitterMinMs: 2 });
