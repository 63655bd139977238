/** One mesh of a seed: its size, its links, its air, who lies and how, what breaks and comes back; and what was wrong at the end. */
import { type Chance, chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { CRITICAL, HIGH, NORMAL, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { LIARS } from "./liars.ts";
import {
  type Air,
  at,
  CALM,
  connect,
  disconnect,
  type Kiosk,
  runUntil,
  say,
  type Wire,
  type World,
  world,
} from "./world.ts";

export interface Trial {
  readonly kiosks: number;
  readonly liars: readonly string[];
  readonly said: number;
  /** Pairs of a message and an honest kiosk that had to get it. */
  readonly owed: number;
  /** The same of all honest kiosks, whatever happened to them. */
  readonly late: number;
  readonly packets: number;
  readonly wrongs: readonly string[];
}

const WARM_UP_MS = 12_000;
const SAYING_MS = 12_000;
const REST_MS = 13_000;
const DEGREE_MAX = 6;
/** Relays pass on eight times: nine links. */
const REACH = 9;
const CLASSES: readonly PacketClass[] = [CRITICAL, HIGH, NORMAL];

export function trial(seed: number): Trial {
  const chances = chance(seed);
  const count = 2 + Math.floor(49 * draw(chances) ** 3);
  const made = world(count, seed, airOf(chances));
  const core = layOut(made, chances);
  const liarsMax = Math.floor((count - 1) / 3);
  const liarCount = drawBelow(chances, 4) === 0 ? drawBelow(chances, liarsMax + 1) : liarsMax;
  const liars: string[] = [];
  for (const kiosk of shuffled(made.kiosks, chances).slice(0, liarCount)) {
    const name = Object.keys(LIARS)[drawBelow(chances, Object.keys(LIARS).length)];
    kiosk.liar = LIARS[name];
    liars.push(name);
  }
  const flapping = churn(made, core, chances);
  const said = speak(made, chances);
  runUntil(made, WARM_UP_MS + SAYING_MS + REST_MS);
  return { kiosks: count, liars, said: said.length, ...judge(made, core, flapping, said) };
}

function airOf(chances: Chance): Air {
  const loss = [0, 0, 0.05, 0.1][drawBelow(chances, 4)];
  return { ...CALM, lossShare: loss, burstMs: 100 + draw(chances) * 900, unknownShare: drawBelow(chances, 2) * 0.3 };
}

/** A ring or a tree, with chords. Answers the links that stay. */
function layOut(made: World, chances: Chance): Wire[] {
  const { kiosks } = made;
  const order = shuffled(kiosks, chances).map(({ index }) => index);
  const wires: Wire[] = [];
  const isTree = drawBelow(chances, 3) === 0;
  for (let i = 1; i < order.length; i++) {
    const near = order.slice(Math.max(0, i - 4), i).filter((index) => kiosks[index].wires.length < DEGREE_MAX - 1);
    const to = isTree && near.length > 0 ? near[drawBelow(chances, near.length)] : order[i - 1];
    wires.push(connect(made, order[i], to));
  }
  const chords = Math.floor(order.length * draw(chances) * 1.5);
  for (let i = 0; i < chords; i++) {
    const left = drawBelow(chances, order.length);
    const span = drawBelow(chances, 3) === 0 ? order.length : 6;
    const right = (left + 1 + drawBelow(chances, span)) % order.length;
    const [a, b] = [order[left], order[right]];
    if (a === b || kiosks[a].wires.length >= DEGREE_MAX || kiosks[b].wires.length >= DEGREE_MAX) continue;
    if (wires.some(({ ends }) => ends.includes(a) && ends.includes(b)) && drawBelow(chances, 8) > 0) continue;
    wires.push(connect(made, a, b));
  }
  return wires;
}

/** Links that go and come back, and kiosks that are gone for a while; answers the kiosks. */
function churn(made: World, core: Wire[], chances: Chance): readonly Kiosk[] {
  if (drawBelow(chances, 2) === 0) return [];
  for (const wire of shuffled(core, chances).slice(0, Math.floor(core.length * 0.2))) {
    core.splice(core.indexOf(wire), 1);
    flap(made, wire, 2000 + draw(chances) * 15_000, 500 + draw(chances) * 8000);
  }
  const gone = shuffled(made.kiosks, chances).slice(0, Math.floor(made.kiosks.length * 0.1));
  for (const kiosk of gone) {
    const from = 2000 + draw(chances) * 15_000;
    const forMs = 1000 + draw(chances) * 9000;
    for (const wire of [...kiosk.wires]) {
      if (core.includes(wire)) core.splice(core.indexOf(wire), 1);
      flap(made, wire, from, forMs);
    }
  }
  return gone;
}

function flap(made: World, wire: Wire, from: number, forMs: number): void {
  at(made, from, () => disconnect(made, wire));
  at(made, from + forMs, () => connect(made, wire.ends[0], wire.ends[1]));
}

interface Said {
  readonly key: string;
  readonly origin: number;
}

function speak(made: World, chances: Chance): Said[] {
  const said: Said[] = [];
  const honest = made.kiosks.filter(({ liar }) => liar === undefined);
  for (let i = 0; i < 12; i++) {
    const { index } = honest[drawBelow(chances, honest.length)];
    const packetClass = CLASSES[drawBelow(chances, CLASSES.length)];
    at(made, WARM_UP_MS + draw(chances) * SAYING_MS, () => {
      said.push({ key: say(made, index, packetClass), origin: index });
    });
  }
  return said;
}

function judge(made: World, core: readonly Wire[], flapping: readonly Kiosk[], said: readonly Said[]) {
  const { kiosks } = made;
  const wrongs = [...made.wrongs];
  if (made.repeated > 0) wrongs.push(`${made.repeated} letters crossed a link twice in one direction`);
  const isHonest = (index: number): boolean => kiosks[index].liar === undefined;
  const honestCore = core.filter(({ ends }) => ends.every(isHonest));
  for (const wire of honestCore) {
    if (!wire.isUp) wrongs.push(`the honest link ${wire.ends.join("–")} was closed`);
  }
  let owed = 0;
  let late = 0;
  for (const { key, origin } of said) {
    const reached = within(honestCore, origin, REACH);
    for (const { index, heard } of kiosks) {
      if (!isHonest(index)) continue;
      const isOwed = reached.has(index);
      if (isOwed) owed += 1;
      if (heard.has(key)) continue;
      if (isOwed) wrongs.push(`${key} does not reach kiosk ${index}`);
      else late += 1;
    }
  }
  const packets = made.wires.reduce((sum, { ways }) => sum + ways[0].packets + ways[1].packets, 0);
  return { owed, late, packets, wrongs, flapping: flapping.length };
}

function within(wires: readonly Wire[], from: number, links: number): Set<number> {
  let edge = [from];
  const reached = new Set(edge);
  for (let i = 0; i < links; i++) {
    const next: number[] = [];
    for (const { ends } of wires) {
      for (const [here, there] of [ends, [ends[1], ends[0]]]) {
        if (!edge.includes(here) || reached.has(there)) continue;
        reached.add(there);
        next.push(there);
      }
    }
    edge = next;
  }
  return reached;
}

function shuffled<T>(items: readonly T[], chances: Chance): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = drawBelow(chances, i + 1);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}
