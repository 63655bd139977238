/** Everything that can be found out about a game without playing for chips: its scenarios, its wrong moves, its chips, its
 * hashes, and the exact edge of every bet. The answer is rows of text; whoever asks prints them. */
import { encode } from "../../../protocol/bytes/codec.ts";
import { figuresOf } from "./edges.ts";
import type { Game, Wager } from "./game.ts";
import { runGolden } from "./golden.ts";
import { type Digest, gameId, start } from "./play.ts";
import { percentText, type Ratio, ratioText } from "./ratio.ts";
import { trial } from "./trial.ts";

export interface CheckRow {
  readonly check: string;
  readonly ok: boolean;
  readonly text: string;
}

export interface EdgeRow {
  readonly bet: string;
  /** As a fraction and in percent, of the chips put at risk. */
  readonly edge: string;
  readonly percent: string;
  readonly wins: string;
  /** Chances until it is decided, on the average. */
  readonly chances: string;
}

export interface CheckReport {
  readonly ok: boolean;
  readonly rows: readonly CheckRow[];
  readonly edges: readonly EdgeRow[];
}

export interface CheckOptions<C> {
  readonly config?: C;
  /** Random steps, over several tables. */
  readonly operations?: number;
  readonly seed?: number;
}

type AnyAction = { readonly type: string };

export function checkGame<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  digest: Digest,
  { config = game.config.usual, operations = 4_000, seed = 1 }: CheckOptions<C> = {},
): CheckReport {
  const edges: EdgeRow[] = [];
  const rows = [
    row("id", () => hex(gameId(game, config, digest)), true),
    row("configuration", () => game.config.fault(config)),
    row("languages", () => Object.keys(game.strings).join(", "), true),
    ...game.golden.map((golden) => row(`scenario: ${golden.name}`, () => runGolden(game, golden))),
    row("views are plain data", () => viewFault(game, config)),
    ...tables(game, config, operations, seed, digest),
    row("edges", () => edgeFault(game, config, edges)),
  ];
  return { ok: rows.every(({ ok }) => ok), rows, edges };
}

/** Rows of a page, every one a line. */
export function reportLines({ rows, edges }: CheckReport): string[] {
  const width = Math.max(0, ...edges.map(({ bet }) => bet.length));
  return [
    ...rows.map(({ check, ok, text }) => `${ok ? "ok  " : "BAD "} ${check}${text === "" ? "" : `: ${text}`}`),
    ...edges.map(({ bet, edge, percent }) => `edge ${bet.padEnd(width)}  ${percent.padStart(9)}  ${edge}`),
  ];
}

/** `found` answers a fault, or, where `says`, what there is to tell. A game that throws is at fault. */
function row(check: string, found: () => string | undefined, says = false): CheckRow {
  try {
    const text = found();
    return { check, ok: says || text === undefined, text: text ?? "" };
  } catch (error) {
    return { check, ok: false, text: `threw ${error instanceof Error ? error.message : "something"}` };
  }
}

function tables<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  operations: number,
  seed: number,
  digest: Digest,
): CheckRow[] {
  const rows: CheckRow[] = [];
  for (let table = 0; table < TABLES; table++) {
    const seats = game.seats.min + (table % (game.seats.max - game.seats.min + 1));
    const bank = BANKS[table % BANKS.length];
    const options = { stacks: { seats, chips: CHIPS, bank }, operations: operations / TABLES, seed: seed + table };
    const say = `${seats} seats, bank ${bank}`;
    rows.push(row(`random players: ${say}`, () => trial(game, config, options, digest).fault));
  }
  return rows;
}

function viewFault<C, S, A extends AnyAction, O>(game: Game<C, S, A, O>, config: C): string | undefined {
  const { state } = start(game, config, game.seats.max);
  const before = encode(game.layouts.state, state).join();
  for (let seat = -1; seat < game.seats.max; seat++) {
    if (!isPlain(game.view(config, state, seat < 0 ? undefined : seat))) return "a view holds what is no data";
  }
  return encode(game.layouts.state, state).join() === before ? undefined : "to look at the table changes it";
}

function isPlain(value: unknown): boolean {
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return ["string", "boolean", "undefined"].includes(typeof value);
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
}

function edgeFault<C, S, A extends AnyAction, O>(
  game: Game<C, S, A, O>,
  config: C,
  edges: EdgeRow[],
): string | undefined {
  for (const wager of game.wagers(config)) {
    const { edge, won, chances } = figuresOf(game, onTable(wager, config));
    const percent = percentText(edge);
    edges.push({ bet: wager.name, edge: short(edge), percent, wins: short(won), chances: short(chances) });
    if (edge.numerator < 0n) return `${wager.name} pays the player: ${percent}`;
  }
  return edges.length === 0 ? "no bet is listed" : undefined;
}

const onTable = <C, S, A, O>(wager: Wager<C, S, A, O>, config: C): Wager<C, S, A, O> => ({
  ...wager,
  config: { ...config, ...wager.config },
});

/** A fraction that no line holds is as good as its decimals. */
function short(value: Ratio): string {
  const text = ratioText(value);
  return text.length <= FRACTION_LENGTH_MAX ? text : `about ${percentText(value, 9)}`;
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

const TABLES = 8;
const CHIPS = 20_000;
const BANKS: readonly number[] = Object.freeze([10_000_000, 100_000, 3_000]);
const FRACTION_LENGTH_MAX = 64;
