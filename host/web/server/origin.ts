/** Who may ask: pages of this kiosk, and programs. A browser says whose page asks and what it took this kiosk's name to be; a name that
 * somebody else made point here (DNS rebinding) is none of ours. */
import type { IncomingMessage } from "node:http";

export interface Names {
  readonly port: number;
  /** Beside those of loopback: names and addresses by which this kiosk is known where it listens. */
  readonly hosts: readonly string[];
}

const LOOPBACK = Object.freeze(["localhost", "127.0.0.1", "[::1]"]);

export interface Asked {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** What a browser says of it beside: "same-origin", "cross-site", … */
  readonly site: string | undefined;
  /** Somebody followed a link to a file of the page: from wherever, it is shown by itself and asks for nothing. */
  readonly isVisit: boolean;
}

export function askedBy({ headers, method, url = "/" }: IncomingMessage): Asked {
  const { host, origin, "sec-fetch-site": site, "sec-fetch-mode": mode } = headers;
  const isVisit = mode === "navigate" && method === "GET" && !url.startsWith("/api/");
  return { host, origin, isVisit, site: typeof site === "string" ? site : undefined };
}

export type OriginFault = "other host" | "other site";

/** Undefined where whoever asks is answered. */
export function originFault({ port, hosts }: Names, { host, origin, site, isVisit }: Asked): OriginFault | undefined {
  const names = [...LOOPBACK, ...hosts.map(inBrackets)].map((name) => withPort(name.toLowerCase(), port));
  if (host === undefined || !names.includes(withDefaultPort(host.toLowerCase()))) return "other host";
  if (!isVisit && site !== undefined && site !== "same-origin" && site !== "none") return "other site";
  if (origin === undefined) return undefined;
  return withDefaultPort(origin.toLowerCase()) === `http://${withDefaultPort(host.toLowerCase())}`
    ? undefined
    : "other site";
}

/** And the address that whoever asks has reached: no other site's name can stand there, for an address is looked up nowhere. */
export const namesAt = (names: Names, reached: string | undefined): Names =>
  reached === undefined ? names : { ...names, hosts: [...names.hosts, reached.replace(/^::ffff:/, "")] };

const withPort = (name: string, port: number): string => `${name}:${port}`;

const withDefaultPort = (text: string): string => (/:\d+$/.test(text) ? text : `${text}:80`);

const inBrackets = (name: string): string => (name.includes(":") && !name.startsWith("[") ? `[${name}]` : name);

/** Whether nobody but this machine reaches the address. */
export const isLoopback = (address: string): boolean =>
  address === "::1" || address === "localhost" || /^(?:::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
