/** The links of one point while they come about and go: clients look for their servers and dial, servers keep who is theirs. */

import type { News } from "../../host/radio/events.ts";
import type { Told } from "../../host/radio/run-driver.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";
import type { Hello } from "../../protocol/radio/hello.ts";
import type { BenchRadio } from "./bench-radio.ts";
import type { Edge } from "./edges.ts";
import type { FlowPlace } from "./traffic.ts";

export interface Tie {
  readonly edge: Edge;
  serverLink: LinkGeneration | undefined;
  clientLink: LinkGeneration | undefined;
}

export interface Ties {
  readonly radios: ReadonlyMap<string, BenchRadio>;
  readonly ties: readonly Tie[];
  /** Radios that took their role. */
  readonly ready: Set<string>;
  /** Clients that are connecting. */
  readonly connecting: Set<string>;
  /** What ended links that were whole, and radios that went away, in words. */
  readonly lost: string[];
  /** The last thing that a radio could not do. */
  fault: string;
}

export const tiesOf = (edges: readonly Edge[], radios: ReadonlyMap<string, BenchRadio>): Ties => ({
  radios,
  ties: edges.map((edge) => ({ edge, serverLink: undefined, clientLink: undefined })),
  ready: new Set(),
  connecting: new Set(),
  lost: [],
  fault: "",
});

export const isTied = (tie: Tie): boolean => tie.serverLink !== undefined && tie.clientLink !== undefined;

/** Both directions of every link that is whole. */
export const flowsOf = ({ ties }: Ties): FlowPlace[] =>
  ties.flatMap(({ edge, serverLink, clientLink }) => {
    if (serverLink === undefined || clientLink === undefined) return [];
    const [server, client] = [edge.server.name, edge.client.name];
    return [
      { direction: "down", from: server, to: client, link: serverLink, peerLink: clientLink },
      { direction: "up", from: client, to: server, link: clientLink, peerLink: serverLink },
    ] as const;
  });

export function onTold(state: Ties, name: string, told: Told): void {
  if (told.type === "news") onNews(state, name, told.report);
  else if (told.type === "down") {
    state.ready.delete(name);
    state.connecting.delete(name);
    state.lost.push(`${name} went away (${told.why})`);
    for (const tie of state.ties) forget(tie, name, undefined);
  }
}

function onNews(state: Ties, name: string, report: News): void {
  const radio = state.radios.get(name);
  if (radio === undefined) return;
  switch (report.type) {
    case "ready":
      state.ready.add(name);
      break;
    case "discovered": {
      if (state.connecting.has(name)) break;
      const wanted = state.ties.some(
        ({ edge, clientLink }) =>
          edge.client.name === name && clientLink === undefined && isAt(state, edge.server.name, report.peer),
      );
      if (!wanted) break;
      state.connecting.add(name);
      radio.order({ type: "connect", to: report.peer });
      break;
    }
    case "linkUp":
      onLinkUp(state, name, radio, report);
      break;
    case "notConnected":
      state.connecting.delete(name);
      break;
    case "fault":
      state.fault = `${name}: ${report.text}`;
      state.connecting.delete(name);
      break;
    case "linkDown":
      for (const tie of state.ties) {
        const wasWhole = isTied(tie);
        if (forget(tie, name, report.link) && wasWhole) {
          state.lost.push(`the link of ${tie.edge.server.name} and ${tie.edge.client.name} ended (${report.reason})`);
        }
      }
      break;
    default:
      break;
  }
}

/** A stranger's link is not kept: a server drops it by itself. */
function onLinkUp(state: Ties, name: string, radio: BenchRadio, report: News & { type: "linkUp" }): void {
  for (const tie of state.ties) {
    const { server, client } = tie.edge;
    if (report.role === "client" && client.name === name && isAt(state, server.name, report.peer)) {
      tie.clientLink = report.link;
      state.connecting.delete(name);
    } else if (report.role === "server" && server.name === name && isAt(state, client.name, report.peer)) {
      tie.serverLink = report.link;
      radio.order({ type: "keep", link: report.link });
    }
  }
}

function isAt(state: Ties, name: string, address: Hello["address"]): boolean {
  const known = state.radios.get(name)?.hello()?.address;
  return known?.kind === address.kind && known.address.every((byte, at) => byte === address.address[at]);
}

/** With no link named, all. Answers whether there was one. */
function forget(tie: Tie, name: string, link: LinkGeneration | undefined): boolean {
  const isServer = tie.edge.server.name === name;
  const held = isServer ? tie.serverLink : tie.edge.client.name === name ? tie.clientLink : undefined;
  if (held === undefined || (link !== undefined && link !== held)) return false;
  if (isServer) tie.serverLink = undefined;
  else tie.clientLink = undefined;
  return true;
}
