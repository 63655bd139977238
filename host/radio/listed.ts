/** The ports that the library of serial ports lists. On Linux it asks udevadm, which is not everywhere; on other systems it
 * is the only list there is. */
import { SerialPort } from "serialport";
import { bridgeOf } from "./bridges.ts";
import { discover, type FoundPort } from "./discovery.ts";

/** What discovery finds, and what only the list knows. */
export async function discoverAll(root = "/"): Promise<FoundPort[]> {
  const found = discover(root);
  const known = new Set(found.flatMap(({ path, links }) => [path, ...links]));
  const more = await listed();
  return [...found, ...more.filter(({ path }) => !known.has(path))];
}

export async function listed(): Promise<FoundPort[]> {
  try {
    const ports = await SerialPort.list();
    // On a PC every place for a port is listed, whether there is one or not; those that are have a USB number.
    return ports.filter(({ vendorId }) => vendorId !== undefined).map(portOf);
  } catch {
    return [];
  }
}

function portOf(port: Awaited<ReturnType<typeof SerialPort.list>>[number]): FoundPort {
  const vendor = port.vendorId?.toLowerCase();
  const product = port.productId?.toLowerCase() ?? "";
  const { path, serialNumber: serial, manufacturer: name = "" } = port;
  return {
    path,
    tty: path.slice(path.lastIndexOf("/") + 1),
    links: [],
    usb: vendor === undefined ? undefined : { vendor, product, serial, name },
    bridge: bridgeOf(vendor, product),
    isCdc: /ACM|usbmodem/.test(path),
    isOwn: false,
  };
}
