/** Where a radio is: a serial device, a socket that carries its bytes, or the name of a virtual one. */

export type Device =
  | { readonly type: "serial"; readonly path: string }
  | { readonly type: "tcp"; readonly host: string; readonly port: number }
  | { readonly type: "unix"; readonly path: string }
  | { readonly type: "virtual"; readonly name: string };

export type ParsedDevice =
  | { readonly ok: true; readonly device: Device }
  | { readonly ok: false; readonly why: string };

const FORMS = "a device path such as /dev/serial/by-id/…, tcp://host:port, unix:/path or virtual:name";

export function parseDevice(text: string): ParsedDevice {
  if (text.startsWith("/")) return found({ type: "serial", path: text });
  const colon = text.indexOf(":");
  const scheme = colon < 0 ? "" : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  switch (scheme) {
    case "tcp":
      return parseTcp(text, rest);
    case "unix":
      return rest.startsWith("/") ? found({ type: "unix", path: rest }) : refused(text, "unix: wants an absolute path");
    case "virtual":
      return /^[a-z0-9-]{0,24}$/.test(rest)
        ? found({ type: "virtual", name: rest })
        : refused(text, "a virtual radio's name is made of at most 24 small letters, digits and hyphens");
    default:
      return refused(text, `it is not ${FORMS}`);
  }
}

export function deviceText(device: Device): string {
  switch (device.type) {
    case "serial":
      return device.path;
    case "tcp":
      return `tcp://${device.host.includes(":") ? `[${device.host}]` : device.host}:${device.port}`;
    case "unix":
      return `unix:${device.path}`;
    case "virtual":
      return `virtual:${device.name}`;
  }
}

/** A host is a name, an IPv4 address, or an IPv6 address in brackets. */
function parseTcp(text: string, rest: string): ParsedDevice {
  const match = /^\/\/(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/.exec(rest);
  if (match === null) return refused(text, "tcp:// wants a host and a port, as in tcp://localhost:4000");
  const port = Number(match[3]);
  if (port < 1 || port > 65_535) return refused(text, `no port has the number ${match[3]}`);
  return found({ type: "tcp", host: match[1] ?? match[2], port });
}

const found = (device: Device): ParsedDevice => ({ ok: true, device });
const refused = (text: string, why: string): ParsedDevice => ({ ok: false, why: `radio "${text}": ${why}` });
