/** Who switches a radio's power and turns its attenuator: nobody, a person who is asked, the virtual world, or a program. */
import type { BenchPlace } from "./bench-radio.ts";
import type { Helper, MapRadio } from "./hardware-map.ts";
import { ASK_WITHIN_MS, POWER_OFF_MS } from "./limits.ts";

export interface HandPorts {
  readonly place: BenchPlace;
  /** A person's answer; undefined where nobody can be asked. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** Runs a program to its end. */
  readonly run: (argv: readonly string[]) => Promise<Ran>;
  readonly signal: AbortSignal;
}

export type Ran = { readonly ok: true } | { readonly ok: false; readonly why: string };

export type Done = { readonly ok: true } | { readonly ok: false; readonly why: string; readonly next: string };

const DONE: Done = Object.freeze({ ok: true });

export async function switchPower(radio: MapRadio, on: boolean, ports: HandPorts): Promise<Done> {
  const what = `switching ${radio.name} ${on ? "on" : "off"}`;
  const act = on ? "plug in its supply" : "unplug its supply";
  const question = `${radio.name} (${radio.facts.title}, ${radio.device}): ${act}, then press Enter`;
  return lend(radio.power, what, "power", question, ["{state}", on ? "on" : "off"], ports, () =>
    ports.place.power(radio, on),
  );
}

/** Off, a while, and on again. */
export async function cyclePower(radio: MapRadio, ports: HandPorts): Promise<Done> {
  const off = await switchPower(radio, false, ports);
  if (!off.ok) return off;
  await ports.place.wait(POWER_OFF_MS, () => false);
  return switchPower(radio, true, ports);
}

export async function attenuate(radio: MapRadio, db: number, ports: HandPorts): Promise<Done> {
  const what = `setting the attenuator of ${radio.name} to ${db} dB`;
  const question = `${radio.name} (${radio.facts.title}): set its attenuator to ${db} dB, then press Enter`;
  return lend(radio.attenuator, what, "attenuator", question, ["{db}", String(db)], ports, () =>
    ports.place.attenuate(radio, db),
  );
}

async function lend(
  helper: Helper,
  what: string,
  key: "power" | "attenuator",
  question: string,
  [blank, value]: readonly [string, string],
  ports: HandPorts,
  virtual: () => void,
): Promise<Done> {
  if (helper === "none") return refused(what, "nobody can do that", `Give the radio a ${key} in the map.`);
  if (helper === "virtual") {
    virtual();
    return DONE;
  }
  if (helper === "manual") return askPerson(what, key, question, ports);
  const ran = await ports.run(helper.command.map((word) => word.replaceAll(blank, value)));
  return ran.ok ? DONE : refused(what, ran.why, `Run it by hand: ${helper.command.join(" ").replaceAll(blank, value)}`);
}

/** Enter is yes. Somebody who went away must not keep a bench for ever. */
async function askPerson(what: string, key: string, question: string, ports: HandPorts): Promise<Done> {
  let answer: { readonly text: string | undefined } | undefined;
  // A place looks again when a radio says something; a person's word is heard by nobody else.
  const answered = new AbortController();
  const asked = ports.ask(`${question} ("no" gives it up)`).then((text) => {
    answer = { text };
    answered.abort();
  });
  // In virtual time nothing passes while a person thinks.
  if (ports.place.isVirtual) await asked;
  await ports.place.wait(ASK_WITHIN_MS, () => answer !== undefined, AbortSignal.any([ports.signal, answered.signal]));
  if (answer === undefined) {
    if (ports.signal.aborted) return refused(what, "it was broken off", "Run it again.");
    const minutes = ASK_WITHIN_MS / 60_000;
    return refused(what, `nobody answered within ${minutes} minutes`, "Stay at the bench and run it again.");
  }
  const text = answer.text?.trim().toLowerCase();
  if (text === undefined) {
    const next = `Run it on a terminal, or give the radio another ${key} than manual.`;
    return refused(what, "there is nobody to ask", next);
  }
  if (text === "" || text === "y" || text === "yes") return DONE;
  return refused(what, `the person at the bench said "${text}"`, "Run it again when it can be done.");
}

const refused = (what: string, why: string, next: string): Done => ({ ok: false, why: `${what}: ${why}`, next });
