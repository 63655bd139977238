/** What a dishonest kiosk does otherwise. */
import type { Attack } from "../kinds.ts";
import type { Packet } from "../packet.ts";

export interface Attacker {
  readonly kind: Attack;
  /** What the honest engine wants to say to one other. */
  says(packet: Packet, to: number): void;
  hears(packet: Packet): "heard" | "ignored";
  /** Now and then, and after each thing heard. */
  turn(): void;
  /** Whether the two hear each other at all. */
  reaches(place: number): boolean;
}
