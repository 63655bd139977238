/** The radios, one after the other, and whether their links suffice for what the table is to bear. */
import { boardNamed } from "../../../hardware/boards/boards.ts";
import { plan, planInWords } from "../../mesh/topology/plan.ts";
import type { RadioLimits } from "../../mesh/topology/radios.ts";
import { type Device, deviceText } from "../../radio/device-url.ts";
import { diagnose } from "../../radio/diagnose.ts";
import type { Finding, FindingKind } from "../../radio/findings.ts";
import { holdersOf } from "../../radio/holders.ts";
import type { Exit } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { beware, type Check, failing, well } from "./doctor-check.ts";

export const EXIT_OF_FINDING: { readonly [kind in FindingKind]: Exit } = Object.freeze({
  healthy: "done",
  missing: "missing",
  busy: "busy",
  forbidden: "forbidden",
  hangUp: "lost",
  failed: "failed",
  silent: "silent",
  bootloader: "silent",
  babbling: "babbling",
  stranger: "stranger",
  version: "version",
  wire: "wire",
});

export interface RadioLook {
  readonly finding: Finding | undefined;
  readonly checks: readonly Check[];
}

/** `holder`: the process that has the kiosk's journal, and rightly its radios. */
export async function radioLook(device: Device, holder: number | undefined, io: Io): Promise<RadioLook> {
  const name = deviceText(device);
  if (holder !== undefined && device.type === "serial") {
    const isIts = holdersOf(device.path).some(({ pid }) => pid === holder);
    if (isIts) return { finding: undefined, checks: [well("radio", `${name}: the kiosk has it, process ${holder}`)] };
  }
  io.err(`${name} …`);
  const finding = await diagnose(device, { signal: io.signal, onStep: (words) => io.err(`  ${words}`) });
  return { finding, checks: checksOf(finding) };
}

export function checksOf({ device, kind, step, message, next, warnings }: Finding): Check[] {
  const main =
    kind === "healthy"
      ? well("radio", `${device}: well. ${message}`)
      : failing("radio", EXIT_OF_FINDING[kind], `${device}: ${step}: ${message}`, next);
  return [main, ...warnings.map((warning) => beware("radio", `${device}: ${warning}`, ""))];
}

/** Bytes as a reader of JSON expects them. */
export function plainFinding(finding: Finding) {
  const { hello } = finding;
  if (hello === undefined) return finding;
  const { build, chip, address } = hello;
  const plain = { build: hex(build), chip: hex(chip), address: { ...address, address: hex(address.address) } };
  return { ...finding, hello: { ...hello, ...plain } };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export interface TableWish {
  readonly kiosks: number;
  /** That the table is to bear. */
  readonly faults: number;
}

/** Of the others nothing is known before they are heard: each is taken to have the radios of this one. */
export function linksCheck(radios: readonly RadioLimits[], { kiosks, faults }: TableWish): Check {
  const found = plan(Array.from({ length: kiosks }, () => ({ radios })));
  const about = `with such radios at all ${kiosks} kiosks: ${planInWords(found)}`;
  const needed = Math.min(faults + 1, kiosks - 1);
  if (found.connectivity >= needed) return well("links", about);
  const next = "Another radio at each kiosk, or boards with more links: docs/boards.md lists how many each has.";
  return found.connectivity === 0 ? failing("links", "limits", about, next) : beware("links", about, next);
}

export function limitsOf({ hello }: Finding): RadioLimits | undefined {
  const board = hello === undefined ? undefined : boardNamed(hello.board);
  return board?.ble;
}
