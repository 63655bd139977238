/** What members' radios can do, as they say now and then: from the same words every host reckons the same plan of links, and opens
 * its own part of it. While a member has not said it there is no plan, and radios close the ring as they find each other. */
import { encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { type Board, Boards } from "../../protocol/message/boards.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import { BOARD_LINKS_MAX, BOARDS_MAX } from "../../protocol/message/limits.ts";
import { plan } from "../mesh/topology/plan.ts";
import type { KioskRadios, Role } from "../mesh/topology/radios.ts";
import { BOARDS_EVERY_BEATS } from "./limits.ts";

export interface BoardsBook {
  /** By a member's key, the last that it said. */
  readonly said: { readonly key: Uint8Array; boards: readonly Board[] }[];
  beats: number;
  /** What was said last of the own ones. */
  own: Uint8Array | undefined;
}

export const boardsBook = (): BoardsBook => ({ said: [], beats: 0, own: undefined });

/** With a heartbeat: at the first, now and then, and whenever the own boards are others than before. */
export function sayBoards(of: BoardsBook, own: readonly Board[]): (Message & { type: "boards" }) | undefined {
  of.beats += 1;
  const boards = own.slice(0, BOARDS_MAX);
  const bytes = encode(Boards, { boards });
  const isNews = of.own === undefined || !bytesEqual(of.own, bytes);
  if (!isNews && of.beats % BOARDS_EVERY_BEATS !== 0) return undefined;
  of.own = new Uint8Array(bytes);
  return { type: "boards", boards };
}

export function hearBoards(of: BoardsBook, key: Uint8Array, { boards }: Boards): void {
  const known = of.said.find((each) => bytesEqual(each.key, key));
  if (known === undefined) of.said.push({ key, boards });
  else known.boards = boards;
}

/** Whoever is no member any more is forgotten. */
export function boardsOf(of: BoardsBook, members: readonly Uint8Array[]): readonly (readonly Board[] | undefined)[] {
  const isMember = (key: Uint8Array): boolean => members.some((each) => bytesEqual(each, key));
  for (let i = of.said.length - 1; i >= 0; i--) if (!isMember(of.said[i]!.key)) of.said.splice(i, 1);
  return members.map((key) => of.said.find((each) => bytesEqual(each.key, key))?.boards);
}

/** Places to open links to, by the plan of all; undefined while a member's boards are not known, or nobody could be reached by it. */
export function plannedFor(
  me: number,
  boards: readonly (readonly Board[] | undefined)[],
): readonly number[] | undefined {
  const kiosks: KioskRadios[] = [];
  for (const each of boards) {
    if (each === undefined || each.length === 0) return undefined;
    kiosks.push(radiosOf(each));
  }
  if (me < 0 || kiosks.length < 2) return undefined;
  const { links, connectivity } = plan(kiosks);
  if (connectivity === 0) return undefined;
  return links.filter(({ client }) => client.kiosk === me).map(({ server }) => server.kiosk);
}

/** As it runs: a role is kept for as long as a boot lasts. */
const radiosOf = (boards: readonly Board[]): KioskRadios => ({
  radios: boards.map(({ linksAsServer, linksAsClient, isDualProved }) => ({
    ...{ server: linksAsServer > 0, client: linksAsClient > 0, dualProved: isDualProved },
    ...{ linksAsServer, linksAsClient },
  })),
  roles: boards.map(({ role }) => role),
});

/** Of a radio that runs in that role, and says how many links it has room for. */
export const boardAs = (role: Role, linksMax: number): Board => ({
  role,
  linksAsServer: role === "client" ? 0 : Math.min(linksMax, BOARD_LINKS_MAX),
  linksAsClient: role === "server" ? 0 : Math.min(linksMax, BOARD_LINKS_MAX),
  isDualProved: role === "dual",
});
