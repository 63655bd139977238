/** Which serial devices are here, and what is known of each: from the by-id links, from sysfs, from the Pi's own links. None
 * of these need be there. The root of the file system is an input, so that a test brings a tree of its own. */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Bridge, bridgeOf } from "./bridges.ts";

export interface FoundPort {
  /** The name to use: by-id where there is one, for it stays the same when another cable is put in first. */
  readonly path: string;
  /** As in ttyUSB0. */
  readonly tty: string;
  /** All other names. */
  readonly links: readonly string[];
  readonly usb: UsbIdentity | undefined;
  readonly bridge: Bridge | undefined;
  /** A USB device that is a serial port itself. */
  readonly isCdc: boolean;
  /** The header of a Pi, or another UART of the host itself. */
  readonly isOwn: boolean;
}

export interface UsbIdentity {
  readonly vendor: string;
  readonly product: string;
  readonly serial: string | undefined;
  /** What it calls itself. */
  readonly name: string;
}

/** Ports that never are a radio's: consoles, pseudo-terminals, the 32 places of a PC's board. */
const TTY = /^tty(?:USB|ACM|AMA|THS|XRUSB|WCH|mxc|SC|O)\d+$/;
const LINK_FOLDERS = ["dev/serial/by-id", "dev/serial/by-path"];
const PI_LINKS = ["dev/serial0", "dev/serial1"];

export function discover(root = "/"): FoundPort[] {
  const links = linksOf(root);
  const names = new Set([...namesIn(root, "sys/class/tty"), ...namesIn(root, "dev"), ...links.keys()]);
  return [...names]
    .filter((tty) => TTY.test(tty) || links.has(tty))
    .filter((tty) => namesIn(root, "dev").includes(tty))
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
    .map((tty) => portOf(root, tty, links.get(tty) ?? []));
}

/** Where a device that was somewhere else is now: the same bridge with the same serial number, or failing that the only one
 * of its kind. */
export function foundAgain(before: FoundPort, now: readonly FoundPort[]): FoundPort[] {
  const { usb } = before;
  if (usb === undefined) return [];
  const alike = now.filter(({ usb: other }) => other?.vendor === usb.vendor && other.product === usb.product);
  const same = alike.filter(({ usb: other }) => other?.serial === usb.serial && usb.serial !== undefined);
  return same.length > 0 ? same : alike;
}

/** The port behind any of its names. */
export function portNamed(path: string, ports: readonly FoundPort[], root = "/"): FoundPort | undefined {
  const real = tried(() => realpathSync(join(root, path)));
  const tty = real === undefined ? undefined : basename(real);
  return ports.find((port) => port.path === path || port.links.includes(path) || port.tty === tty);
}

function portOf(root: string, tty: string, links: readonly string[]): FoundPort {
  const device = tried(() => realpathSync(join(root, "sys/class/tty", tty, "device")));
  const usb = device === undefined ? undefined : usbOf(device);
  const [first] = [...links].sort((a, b) => rank(a) - rank(b));
  const path = first ?? `/dev/${tty}`;
  return {
    path,
    tty,
    links: [...links, `/dev/${tty}`].filter((link) => link !== path),
    usb,
    bridge: bridgeOf(usb?.vendor, usb?.product),
    isCdc: tty.startsWith("ttyACM"),
    isOwn:
      usb === undefined && (/^tty(?:AMA|S|THS)/.test(tty) || links.some((link) => link.startsWith("/dev/serial0"))),
  };
}

/** The USB device is some folders above its interface, and the one that has numbers. */
function usbOf(device: string): UsbIdentity | undefined {
  for (let folder = device, depth = 0; depth < 6; folder = dirname(folder), depth++) {
    const read = (name: string): string | undefined => tried(() => readFileSync(join(folder, name), "utf8").trim());
    const vendor = read("idVendor");
    const product = read("idProduct");
    if (vendor === undefined || product === undefined) continue;
    const name = [read("manufacturer"), read("product")].filter((part) => part !== undefined).join(" ");
    return { vendor, product, serial: read("serial"), name };
  }
  return undefined;
}

/** Each tty's links. */
function linksOf(root: string): Map<string, string[]> {
  const links = new Map<string, string[]>();
  const paths = LINK_FOLDERS.flatMap((folder) => namesIn(root, folder).map((name) => `${folder}/${name}`));
  for (const path of [...paths, ...PI_LINKS]) {
    const real = tried(() => realpathSync(join(root, path)));
    if (real === undefined) continue;
    const tty = basename(real);
    links.set(tty, [...(links.get(tty) ?? []), `/${path}`]);
  }
  return links;
}

const rank = (link: string): number => (link.includes("by-id") ? 0 : link.includes("by-path") ? 2 : 1);
const namesIn = (root: string, folder: string): string[] => tried(() => readdirSync(join(root, folder))) ?? [];

/** A device goes while one looks at it, and few of these folders are everywhere. */
function tried<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
