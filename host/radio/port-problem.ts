/** Why a port did not open, in words that help: what is there instead, who has it, which command gives the right. */
import type { Holder } from "./holders.ts";
import type { PortProblem } from "./port.ts";

/** What surrounds a failure, as far as it could be found out. */
export interface Surroundings {
  /** Devices that are there. */
  readonly others: readonly string[];
  readonly holders: readonly Holder[];
  /** The group that the device belongs to, if it may read and write. */
  readonly group: string | undefined;
  readonly user: string;
}

/** `text`: what the operating system or the library said. */
export function portProblem(device: string, text: string, around: Surroundings): PortProblem {
  const step = `opening ${device}`;
  if (/\bEACCES\b|\bEPERM\b|permission denied|operation not permitted/i.test(text)) {
    return { kind: "forbidden", message: `${step}: ${around.user} may not read and write it`, next: rightOf(around) };
  }
  if (/\bENOENT\b|\bENXIO\b|\bENODEV\b|no such (?:file|device)/i.test(text)) {
    return { kind: "missing", message: `${step}: it is not there`, next: insteadOf(device, around.others) };
  }
  if (/\bEBUSY\b|cannot lock port|temporarily unavailable|resource busy/i.test(text)) {
    const who = around.holders.map(holderText).join(" and ");
    return {
      kind: "busy",
      message: `${step}: ${who === "" ? "another process has it" : `${who} has it`}`,
      next:
        around.holders.length === 0
          ? `Find who has it: sudo fuser -v ${device}`
          : `End that first${around.holders.some(isModemManager) ? `: ${MODEM_MANAGER_NEXT}` : ""}.`,
    };
  }
  if (/\bECONNREFUSED\b/i.test(text)) {
    return {
      kind: "missing",
      message: `${step}: nobody listens there`,
      next: "Start what serves the radio there, as `hardway virtual` does, or correct the address.",
    };
  }
  if (/\bEIO\b|\bECONNRESET\b|\bEPIPE\b|input\/output error/i.test(text)) {
    return {
      kind: "hangUp",
      message: `${step}: it hung up at once (${text})`,
      next: "Take the cable out and put it in again; try another cable and another port.",
    };
  }
  if (/\bETIMEDOUT\b|\bEHOSTUNREACH\b|\bENETUNREACH\b|\bENOTFOUND\b|\bEAI_AGAIN\b/i.test(text)) {
    return { kind: "missing", message: `${step}: ${text}`, next: "Is that host on, in this network, and spelt so?" };
  }
  if (/\bENOTTY\b|\bEISDIR\b|inappropriate ioctl|is a directory/i.test(text)) {
    return {
      kind: "other",
      message: `${step}: it is no serial device`,
      next: `A socket is named as unix:${device}; \`hardway radio list\` shows the serial devices.`,
    };
  }
  return {
    kind: "other",
    message: `${step}: ${text}`,
    next: "Take its cable out and put it in again; `hardway radio list` shows the serial devices.",
  };
}

const holderText = (holder: Holder): string => `process ${holder.pid} (${holder.name})`;
const isModemManager = (holder: Holder): boolean => /modemmanager/i.test(holder.name);

const MODEM_MANAGER_NEXT = "sudo systemctl stop ModemManager, and install the udev rule that `hardway doctor` prints";

/** The commands to type. A group takes effect with the next login. */
function rightOf({ group, user }: Surroundings): string {
  return group === undefined || group === "root"
    ? "Install the udev rule that `hardway doctor` prints, then take the cable out and put it in again."
    : `sudo usermod -aG ${group} ${user}, then log out and in again.`;
}

function insteadOf(device: string, others: readonly string[]): string {
  if (others.length === 0) {
    return "No serial device is here at all: put the cable in, and take one with data wires, for many only charge.";
  }
  const [nearest] = [...others].sort((a, b) => distance(device, a) - distance(device, b));
  const rest = others.filter((other) => other !== nearest);
  const more = rest.length === 0 ? "" : ` Also here: ${rest.slice(0, 7).join(", ")}.`;
  return `Did you mean ${nearest}?${more}`;
}

/** Levenshtein's. Paths are short. */
function distance(a: string, b: string): number {
  let row = Array.from(b, (_, at) => at + 1);
  for (let i = 0; i < a.length; i++) {
    const next: number[] = [];
    for (let j = 0; j < b.length; j++) {
      const diagonal = j === 0 ? i : row[j - 1];
      const left = j === 0 ? i + 1 : next[j - 1];
      next.push(Math.min(row[j] + 1, left + 1, diagonal + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row.length === 0 ? a.length : row[row.length - 1];
}
