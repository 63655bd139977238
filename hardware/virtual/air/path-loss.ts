/** How strongly one radio hears another: distance, walls, people, and what of a packet survives that. */
import { type Chance, draw } from "../../../protocol/core/chance.ts";

/** Metres. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** A wall, or a person: from here to there, and what it takes away. */
export interface Wall {
  readonly from: Position;
  readonly to: Position;
  readonly lossDb: number;
}

export interface Room {
  /** How fast a signal fades: 2 in the open, about 2.4 in a living room. */
  readonly exponent: number;
  /** Spread of what furniture adds or takes, a pair of radios: 1.5 to 4 dB. */
  readonly shadowDb: number;
  readonly walls: readonly Wall[];
}

export const LIVING_ROOM: Room = Object.freeze({ exponent: 2.4, shadowDb: 2, walls: Object.freeze([]) });

/** Nearer than this the antennas are one. */
const DISTANCE_MIN = 0.1;
/** At one metre, on 2.4 GHz. */
const LOSS_AT_ONE_METRE_DB = 40;

export function rssiDbm(transmitDbm: number, from: Position, to: Position, room: Room, shadowDb: number): number {
  const distance = Math.max(DISTANCE_MIN, Math.hypot(to.x - from.x, to.y - from.y));
  let loss = LOSS_AT_ONE_METRE_DB + 10 * room.exponent * Math.log10(distance) + shadowDb;
  for (const wall of room.walls) if (cross(from, to, wall.from, wall.to)) loss += wall.lossDb;
  return transmitDbm - loss;
}

/** Normal, by Box and Muller. */
export const drawShadow = (room: Room, chance: Chance): number =>
  room.shadowDb * Math.sqrt(-2 * Math.log(1 - draw(chance))) * Math.cos(2 * Math.PI * draw(chance));

/** One in a thousand at the sensitivity, ten times as many per decibel below it. */
export const bitErrorRate = (rssi: number, sensitivityDbm: number): number =>
  Math.min(0.5, 10 ** (-3 - (rssi - sensitivityDbm)));

export const packetErrorRate = (bitErrors: number, bits: number): number => 1 - (1 - bitErrors) ** bits;

function cross(a: Position, b: Position, c: Position, d: Position): boolean {
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}

const side = (a: Position, b: Position, point: Position): number =>
  (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
