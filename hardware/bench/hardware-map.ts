/** What stands on the bench: each radio, where it is, what board, with whom it may link, and who can cut its power or weaken
 * its signal. */
import { z } from "zod";
import { type Device, parseDevice } from "../../host/radio/device-url.ts";
import type { Board } from "../boards/board.ts";
import { boardNamed, boards } from "../boards/boards.ts";
import { type Complaint, type Fault, instead, type Parsed, parseJsonFile, type Suggest } from "./json-file.ts";
import { RADIOS_MAX } from "./limits.ts";

const Name = z.string().regex(/^[a-z0-9-]{1,24}$/, "a name is made of at most 24 small letters, digits and hyphens");

/** - none: nobody can. - manual: a person does it and says so. - virtual: the world of virtual boards. - a program, with
 * {state} or {db} in one of its arguments. */
const HELPERS = "it is none, manual, virtual, or an object with the key command";
const Helper = z.union(
  [z.enum(["none", "manual", "virtual"]), z.strictObject({ command: z.array(z.string().min(1)).min(1).max(32) })],
  HELPERS,
);

const Radio = z.strictObject({
  name: Name,
  /** As everywhere: a path, tcp://host:port, unix:/path or virtual:name. */
  device: z.string(),
  /** By its name in hardware/boards. */
  board: z.string(),
  role: z.enum(["server", "client"]),
  /** Radios of one group link to each other. */
  group: Name,
  power: Helper.default("none"),
  attenuator: Helper.default("none"),
  /** What else it stands in or hangs on; a plan may require some. */
  fixtures: z.array(Name).max(16).default([]),
  /** Metres, of a virtual radio; otherwise all stand in a circle. */
  position: z.strictObject({ x: z.number().min(-1000).max(1000), y: z.number().min(-1000).max(1000) }).optional(),
  /** Why it is left out. */
  quarantine: z.string().min(1).max(200).optional(),
  /** All time-outs of points with it, times this. */
  timeoutFactor: z.number().min(0.1).max(20).default(1),
});

const HardwareMapFile = z.strictObject({
  version: z.literal(1),
  radios: z.array(Radio).min(1).max(RADIOS_MAX),
});

export type Helper = z.output<typeof Helper>;

export interface MapRadio extends z.output<typeof Radio> {
  readonly place: Device;
  readonly facts: Board;
}

export interface HardwareMap {
  readonly file: string;
  readonly radios: readonly MapRadio[];
  readonly complain: (faults: readonly Fault[]) => Complaint;
}

export function parseHardwareMap(file: string, text: string, suggest: Suggest): Parsed<HardwareMap> {
  const parsed = parseJsonFile(file, text, HardwareMapFile, suggest);
  if (!parsed.ok) return parsed;
  const faults: Fault[] = [];
  const radios: MapRadio[] = [];
  for (const [index, radio] of parsed.value.radios.entries()) {
    const complain = (key: string, why: string): void => {
      faults.push([`radios[${index}].${key}`, why]);
    };
    const others = parsed.value.radios.slice(0, index);
    if (others.some((other) => other.name === radio.name)) complain("name", `another radio is called "${radio.name}"`);
    if (others.some((other) => other.device === radio.device))
      complain("device", `another radio has "${radio.device}"`);
    const place = parseDevice(radio.device);
    if (!place.ok) complain("device", place.why);
    const facts = boardNamed(radio.board);
    if (facts === undefined) complain("board", unknownBoard(radio.board, suggest));
    else if (!facts.ble[radio.role]) complain("role", `${facts.title} is no ${radio.role}`);
    if (!place.ok || facts === undefined) continue;
    checkHelper(radio.power, "{state}", place.device, (why) => complain("power", why));
    checkHelper(radio.attenuator, "{db}", place.device, (why) => complain("attenuator", why));
    radios.push({ ...radio, place: place.device, facts });
  }
  const { complain } = parsed;
  return faults.length > 0 ? complain(faults) : { ok: true, value: { file, radios, complain } };
}

/** One more thing that is wrong with the map, found when a radio said what it is. */
export const mapComplaint = (map: HardwareMap, radio: MapRadio, key: string, why: string): Complaint =>
  map.complain([[`radios[${map.radios.indexOf(radio)}].${key}`, why]]);

function checkHelper(helper: Helper, blank: string, place: Device, complain: (why: string) => void): void {
  const isVirtual = place.type === "virtual";
  if (helper === "virtual" && !isVirtual) complain("only a virtual radio has a virtual one");
  if (helper === "manual" && isVirtual) complain("nobody can lay hands on a virtual radio; say virtual");
  if (typeof helper === "object" && !helper.command.some((word) => word.includes(blank))) {
    complain(`the command has no ${blank} in it`);
  }
}

function unknownBoard(name: string, suggest: Suggest): string {
  const names = Object.values(boards).map((board) => board.name);
  return `there is no board "${name}"; ${instead(name, names, suggest)}`;
}
