/** A serial port as a loader needs it: bytes both ways, two control lines, another speed while it is open. */
import type { FlashCode } from "./result.ts";

export interface LoaderPort {
  /** As a person would name it. */
  readonly path: string;
  /** Undefined where the port is not on USB, or nobody knows. */
  readonly usb: { readonly vendorId: number; readonly productId: number } | undefined;
  open(baud: number, listener: PortListener): Promise<PortOpened>;
  setBaud(baud: number): Promise<void>;
  /** True: asserted. Always both at once: a bridge's reset circuit looks at the pair. */
  setLines(dtr: boolean, rts: boolean): Promise<void>;
  /** Done when the system has taken them; rejects when the port is gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Also of a port that is gone, and of one that is closed. */
  close(): Promise<void>;
}

export interface PortListener {
  bytes(chunk: Uint8Array): void;
  /** Unplugged, or failed for good. */
  lost(why: string): void;
}

export type PortCode = Extract<FlashCode, "no port" | "port busy" | "port forbidden">;

export type PortOpened =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: PortCode; readonly why: string; readonly next: string };
