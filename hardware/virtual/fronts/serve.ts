/** Virtual boards in one air, each at a port that any program can open: `hardway virtual`. */
import { mkdirSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import type { Board } from "../../boards/board.ts";
import { boardNamed, boards as knownBoards } from "../../boards/boards.ts";
import { NODES_MAX } from "../air/state.ts";
import type { WireFaults, WorldEvent } from "../events.ts";
import { type World, world } from "../world.ts";
import { type Clock, realClock } from "./clock.ts";
import { deviceOf, type FrontListener, type OpenedFront, type Place } from "./front.ts";
import { type Crossing, type PluggedBoard, type PortCounters, plugBoard } from "./plug-board.ts";
import { openPtyFront } from "./pty-front.ts";
import { type AirRecording, openCapture, openTrace, type PortTrace, type Refused } from "./recording.ts";
import { type RunningWorld, runWorld, type Untimed } from "./run-world.ts";
import { openSocketFront } from "./socket-front.ts";

export type FrontKind = Place["type"];

export interface VirtualConfig {
  /** Names of `hardware/boards`, one for each board; several may be alike. They stand in a row, a metre apart. */
  readonly boards: readonly string[];
  readonly seed: number;
  /** Bytes that a cable spoils. */
  readonly errorRate: number;
  /** The same for all, or one for each. */
  readonly front: FrontKind | readonly FrontKind[];
  /** A folder for sockets and links. */
  readonly where: string;
  /** Of the first `tcp` front; the others follow. Any that are free unless it is said. */
  readonly port?: number;
  /** A file of the air: .btsnoop for btmon, .pcap for Wireshark. */
  readonly capture?: string;
  /** A file of what crosses the port; with several boards each has its own, with its number in the name. */
  readonly trace?: string;
  readonly clock?: Clock;
  readonly onEvent?: (event: ServerEvent) => void;
}

export type ServerEvent =
  | { readonly type: "opened" | "closed"; readonly board: number }
  /** Something of it broke; the rest goes on. */
  | { readonly type: "fault"; readonly board: number | undefined; readonly why: string };

export interface BoardCounters extends PortCounters {
  /** Lives of the board, and bytes and tasks that it had no room for. */
  readonly boots: number;
  readonly overflowed: number;
  readonly tasksDropped: number;
}

export interface VirtualServer {
  /** As a configuration names them; undefined while a cable is out. */
  readonly devices: () => readonly (string | undefined)[];
  readonly counters: () => readonly BoardCounters[];
  readonly brownOut: (board: number) => void;
  readonly faults: (board: number, faults: WireFaults) => void;
  readonly happen: (event: Untimed<WorldEvent>) => void;
  readonly unplug: (board: number) => Promise<void>;
  /** At the place where it was, or at another. */
  readonly replug: (board: number, path?: string) => Promise<{ readonly ok: true; readonly device: string } | Refused>;
  /** Nothing of it is left afterwards: no socket, no link, no process. */
  readonly stop: () => Promise<void>;
}

export type Served = { readonly ok: true; readonly server: VirtualServer } | Refused;

export async function serveVirtual(config: VirtualConfig): Promise<Served> {
  const checked = check(config);
  if (!checked.ok) return checked;
  const { boards, places } = checked;
  const server = new Server(config, boards, places);
  const trouble = server.record() ?? (await server.openAll());
  if (trouble === undefined) return { ok: true, server };
  await server.stop();
  return trouble;
}

class Server implements VirtualServer {
  private readonly config: VirtualConfig;
  private readonly clock: Clock;
  private readonly world: World;
  private readonly running: RunningWorld;
  private readonly plugged: readonly PluggedBoard[];
  private readonly places: Place[];
  private readonly names: readonly string[];
  private readonly beganAt = Date.now();
  private readonly traces: (PortTrace | undefined)[] = [];
  private capture: AirRecording | undefined;
  private readonly sights: (nowUs: number) => void;
  private stopped = false;

  constructor(config: VirtualConfig, boards: readonly Board[], places: readonly Place[]) {
    const { seed, errorRate, clock = realClock } = config;
    this.config = config;
    this.clock = clock;
    this.places = [...places];
    this.names = boards.map(({ name }) => name);
    const placed = boards.map((board, x) => ({ board, position: { x, y: 0 } }));
    const made = world({ seed, errorRate, boards: placed, watched: config.capture !== undefined });
    this.world = made;
    this.sights = (nowUs) => this.capture?.write(made.air.sights?.splice(0) ?? [], nowUs);
    this.plugged = boards.map((_, board) =>
      plugBoard(
        made,
        () => this.running,
        board,
        clock,
        (crossing) => this.onCrossing(board, crossing),
        (why) => this.onFault(board, why),
      ),
    );
    this.running = runWorld(
      made,
      clock,
      (effect) => this.plugged[effect.board].onEffect(effect),
      () => this.sights(1000 * made.now),
    );
    for (const board of boards.keys()) this.running.tell({ type: "cable", board, plugged: false });
  }

  record(): Refused | undefined {
    const { trace, capture } = this.config;
    const { beganAt } = this;
    if (capture !== undefined) {
      const addresses = this.world.boards.map(({ address }) => address.address);
      const opened = openCapture(capture, { addresses, beganAt }, (why) => this.onFault(undefined, why));
      if (!opened.ok) return opened;
      this.capture = opened.capture;
    }
    if (trace === undefined) return undefined;
    for (const [board, name] of this.names.entries()) {
      const path = this.names.length === 1 ? trace : numbered(trace, board + 1);
      const header = { trace: 1, board: name, device: deviceOf(this.places[board]), beganAt } as const;
      const opened = openTrace(path, header, (why) => this.onFault(board, why));
      if (!opened.ok) return opened;
      this.traces[board] = opened.trace;
    }
    return undefined;
  }

  async openAll(): Promise<Refused | undefined> {
    for (const board of this.places.keys()) {
      const opened = await this.open(board);
      if (!opened.ok) return opened;
    }
    return undefined;
  }

  devices(): readonly (string | undefined)[] {
    return this.plugged.map(({ front }) => front?.device);
  }

  counters(): readonly BoardCounters[] {
    return this.plugged.map(({ counters }, board) => {
      const { boots, uart, tasksDropped } = this.world.boards[board];
      return { ...counters, boots, overflowed: uart.overflowed, tasksDropped };
    });
  }

  brownOut(board: number): void {
    this.happen({ type: "brownOut", board });
  }

  faults(board: number, faults: WireFaults): void {
    this.happen({ type: "faults", board, faults });
  }

  happen(event: Untimed<WorldEvent>): void {
    this.running.tell(event);
  }

  unplug(board: number): Promise<void> {
    return this.plugged[board].pull();
  }

  async replug(board: number, path?: string): Promise<{ readonly ok: true; readonly device: string } | Refused> {
    await this.plugged[board].pull();
    const place = this.places[board];
    if (path !== undefined && place.type !== "tcp") this.places[board] = { ...place, path: resolve(path) };
    const opened = await this.open(board);
    return opened.ok ? { ok: true, device: opened.front.device } : opened;
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await Promise.all(this.plugged.map((each) => each.pull()));
    this.running.stop();
    this.sights(Number.POSITIVE_INFINITY);
    this.capture?.close();
    for (const trace of this.traces) trace?.close();
  }

  private async open(board: number): Promise<OpenedFront> {
    const opened = await openFront(this.places[board], this.plugged[board].listener, this.clock);
    if (!opened.ok) return opened;
    if (this.stopped) {
      await opened.front.close();
      return { ok: false, why: "opening a port: the server was stopped", next: "start it again" };
    }
    this.plugged[board].front = opened.front;
    this.places[board] = opened.front.place;
    return opened;
  }

  private onCrossing(board: number, crossing: Crossing): void {
    this.traces[board]?.write(this.running.now(), crossing);
    if (crossing.type === "note" && (crossing.words === "opened" || crossing.words === "closed")) {
      this.config.onEvent?.({ type: crossing.words, board });
    }
  }

  private onFault(board: number | undefined, why: string): void {
    this.config.onEvent?.({ type: "fault", board, why });
  }
}

const openFront = (place: Place, listener: FrontListener, clock: Clock): Promise<OpenedFront> =>
  place.type === "pty" ? openPtyFront(place.path, listener, clock) : openSocketFront(place, listener, clock);

type Checked = { readonly ok: true; readonly boards: readonly Board[]; readonly places: readonly Place[] } | Refused;

function check(config: VirtualConfig): Checked {
  const { front, where, port } = config;
  const count = config.boards.length;
  if (count === 0 || count > NODES_MAX) {
    return refused(`serving ${count} boards: one air holds from 1 to ${NODES_MAX}`, "name so many boards");
  }
  const boards: Board[] = [];
  for (const name of config.boards) {
    const board = boardNamed(name);
    const names = Object.values(knownBoards).map((each) => each.name);
    if (board === undefined) return refused(`serving "${name}": no such board`, `choose one of ${names.join(", ")}`);
    boards.push(board);
  }
  if (!(config.errorRate >= 0 && config.errorRate < 1)) {
    return refused(`spoiling ${config.errorRate} of the bytes: that is no share`, "give one from 0 to below 1");
  }
  const kinds = typeof front === "string" ? boards.map(() => front) : front;
  if (kinds.length !== count) return refused(`${kinds.length} fronts for ${count} boards`, "give one front for each");
  try {
    mkdirSync(where, { recursive: true });
  } catch (error) {
    return refused(`making the folder ${where}: ${(error as Error).message}`, "choose a folder that you may write to");
  }
  let tcp = 0;
  const places = kinds.map((kind, board): Place => {
    const name = resolve(join(where, `radio-${board + 1}`));
    if (kind === "tcp") return { type: kind, port: port === undefined || port === 0 ? 0 : port + tcp++ };
    return { type: kind, path: kind === "unix" ? `${name}.sock` : name };
  });
  return { ok: true, boards, places };
}

/** "radio.trace" → "radio-2.trace". */
function numbered(path: string, number: number): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}-${number}${ending}`;
}

const refused = (why: string, next: string): Refused => ({ ok: false, why, next });
