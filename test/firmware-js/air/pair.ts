/** A server's air and a client's over stacks that only seem to be there. */
import type { Task } from "../../../firmware-js/air/air-port.ts";
import { ClientAir } from "../../../firmware-js/air/client-air.ts";
import { ServerAir } from "../../../firmware-js/air/server-air.ts";
import type { StackCalls } from "../../../firmware-js/air/stack.ts";
import type { ServiceData } from "../../../firmware-js/modem/events.ts";
import { peer } from "../modem/rig.ts";
import { Ether, FakeClient, FakeServer } from "./fake-stacks.ts";

export const ADVERT: ServiceData = {
  version: 1,
  flags: 0,
  kiosk: Uint8Array.of(1, 2, 3, 4),
  component: Uint8Array.of(5, 6, 7, 8),
};

export interface Pair {
  readonly ether: Ether;
  readonly server: FakeServer;
  readonly client: FakeClient;
  readonly serverAir: ServerAir;
  readonly clientAir: ClientAir;
  readonly atServer: Task[];
  readonly atClient: Task[];
}

export function pair(options: { nimble?: boolean; calls?: StackCalls } = {}): Pair {
  const ether = new Ether();
  const server = new FakeServer(ether, peer(1));
  const client = new FakeClient(ether, peer(2), server, options.nimble ?? false);
  const atServer: Task[] = [];
  const atClient: Task[] = [];
  const clock = (): number => ether.now;
  const serverAir = new ServerAir("server", "hardway", (task) => atServer.push(task), clock, options.calls);
  const clientAir = new ClientAir("client", (task) => atClient.push(task), clock, options.calls);
  serverAir.begin(server.begin(serverAir));
  clientAir.begin(client.begin(clientAir));
  const made = { ether, server, client, serverAir, clientAir, atServer, atClient };
  advance(made, 100);
  return made;
}

export function advance(all: Pair, ms: number): void {
  const until = all.ether.now + ms;
  while (all.ether.now < until) {
    all.ether.run();
    const at = Math.min(all.serverAir.tick(all.ether.now), all.clientAir.tick(all.ether.now), all.ether.nextAt);
    all.ether.now = Math.max(all.ether.now, Math.min(until, at));
  }
  all.ether.run();
}

/** The server advertises and the client connects. */
export function linked(all: Pair): Pair {
  all.serverAir.advertise(100, ADVERT);
  all.clientAir.connect(peer(1));
  advance(all, 1_000);
  return all;
}

export const of = <T extends Task["type"]>(tasks: readonly Task[], type: T): (Task & { type: T })[] =>
  tasks.filter((task): task is Task & { type: T } => task.type === type);
