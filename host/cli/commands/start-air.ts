/** The virtual boards of a table and their air, as `hardway virtual` serves them in a process of its own. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { programFile } from "../repository.ts";
import type { VirtualSays } from "./virtual.ts";

export interface TableAir {
  /** By kiosk, in the order of its radios. */
  readonly devices: Promise<readonly (readonly string[])[]>;
  /** Carries the kiosks apart, or back together; answers in words what that does. */
  readonly carry: () => string;
  /** So far apart that about this share of what is said gets lost. */
  readonly lose: (share: number) => void;
  /** Kiosks of different groups no longer hear each other; whoever is in none stands alone. */
  readonly part: (groups: readonly (readonly number[])[]) => void;
  /** All stand together, and nothing gets lost. */
  readonly heal: () => void;
  readonly end: () => Promise<void>;
}

/** Metres between two neighbours on a circle. Signals that are 56 dB above what a board can hear at one metre fade by 7 dB
 * with each doubling: from 120 m on single pairs lose packets, at 150 m most do. */
const PLACES = [
  { metres: 1, words: "the kiosks stand together again: the air loses nothing" },
  { metres: 115, words: "the kiosks were carried 115 m apart: the air loses packets" },
  { metres: 140, words: "the kiosks were carried 140 m apart: the air loses many packets" },
] as const;

export function tableAir(
  folder: string,
  boards: readonly (readonly string[])[],
  options: { readonly errorRate: number; readonly seed: number; readonly speed: number },
): TableAir {
  const words = ["virtual", ...boards.flat(), "--front", "unix", "--at", folder, "--json"];
  const { errorRate, seed, speed } = options;
  const more = ["--error-rate", String(errorRate), "--seed", String(seed), "--speed", String(speed)];
  const entry = programFile("hardway");
  const child = spawn(process.execPath, [entry, ...words, ...more], {
    stdio: ["pipe", "pipe", "inherit"],
    // Ctrl-C reaches the whole group; the air goes when its standard input does, after the kiosks.
    detached: true,
  });
  const devices = new Promise<readonly (readonly string[])[]>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the virtual air ended with code ${code}`)));
    createInterface(child.stdout).on("line", (text) => {
      const said = JSON.parse(text) as VirtualSays;
      if (said.type !== "ready") return;
      const all = said.radios.map(({ device }) => device);
      resolve(boards.map((own) => all.splice(0, own.length)));
    });
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let place = 0;
  const move = (positionOf: (kiosk: number) => Position): void => {
    let radio = 0;
    for (const [kiosk, own] of boards.entries()) {
      const { x, y } = positionOf(kiosk);
      for (let at = 0; at < own.length; at++) child.stdin.write(`move ${++radio} ${x.toFixed(1)} ${y.toFixed(1)}\n`);
    }
  };
  const spread = (metres: number): void => move((kiosk) => onCircle(kiosk, boards.length, metres));
  return {
    devices,
    carry() {
      place = (place + 1) % PLACES.length;
      const { metres, words } = PLACES[place];
      spread(metres);
      return words;
    },
    lose(share) {
      place = 0;
      spread(share === 0 ? PLACES[0].metres : share < MANY_SHARE ? PLACES[1].metres : PLACES[2].metres);
    },
    part(groups) {
      place = 0;
      const alone = [...boards.keys()].filter((kiosk) => !groups.some((group) => group.includes(kiosk)));
      const all = [...groups, ...alone.map((kiosk) => [kiosk])];
      move((kiosk) => {
        const angle = (2 * Math.PI * all.findIndex((group) => group.includes(kiosk))) / all.length;
        const { x, y } = onCircle(kiosk, boards.length, PLACES[0].metres);
        return { x: x + APART_RADIUS_METRES * Math.cos(angle), y: y + APART_RADIUS_METRES * Math.sin(angle) };
      });
    },
    heal() {
      place = 0;
      spread(PLACES[0].metres);
    },
    end() {
      child.stdin.end();
      return ended;
    },
  };
}

interface Position {
  readonly x: number;
  readonly y: number;
}

/** From here on many packets get lost, and before it some. */
const MANY_SHARE = 0.2;
/** Of the circle on which groups stand that do not hear each other: ten of them are 550 m apart. */
const APART_RADIUS_METRES = 900;

/** Neighbours are so far from each other. */
function onCircle(kiosk: number, kiosks: number, metres: number): Position {
  const radius = metres / 2 / Math.sin(Math.PI / kiosks);
  const angle = (2 * Math.PI * kiosk) / kiosks;
  return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
}
