/** A place to listen at: the port that was asked for, or where it is taken one of the next. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PORTS_TRIED_MAX } from "./limits.ts";

export type Listening =
  | { readonly ok: true; readonly port: number; readonly isMoved: boolean }
  | { readonly ok: false; readonly why: string };

/** Port 0: any that is free. */
export async function listen(server: Server, host: string, port: number): Promise<Listening> {
  for (let at = port; at <= Math.min(port + PORTS_TRIED_MAX, PORT_MAX); at++) {
    const error = await tried(server, host, at);
    if (error === undefined) {
      const { port: got } = server.address() as AddressInfo;
      return { ok: true, port: got, isMoved: port !== 0 && got !== port };
    }
    if (error.code !== "EADDRINUSE") return { ok: false, why: words(host, at, error) };
  }
  return { ok: false, why: `ports ${port} to ${Math.min(port + PORTS_TRIED_MAX, PORT_MAX)} of ${host} are all taken` };
}

const PORT_MAX = 65_535;

function tried(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.off("listening", onListening);
      resolve(error);
    };
    const onListening = (): void => {
      server.off("error", onError);
      resolve(undefined);
    };
    server.once("error", onError);
    server.once("listening", onListening);
    server.listen({ host, port });
  });
}

function words(host: string, port: number, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EACCES":
      return `this user may not listen at port ${port}: take one above 1023`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine`;
    default:
      return `${host}, port ${port}: ${message}`;
  }
}
