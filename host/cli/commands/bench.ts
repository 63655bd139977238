/** `hardway bench`: measures the radios of a map by a plan, and judges the figures by limits and by an earlier run. */
import { spawn } from "node:child_process";
import { type DualVerdict, probeDual } from "../../../hardware/bench/dual-probe.ts";
import type { Ran } from "../../../hardware/bench/hands.ts";
import { type HardwareMap, parseHardwareMap } from "../../../hardware/bench/hardware-map.ts";
import type { Parsed, Suggest } from "../../../hardware/bench/json-file.ts";
import { parseLimits } from "../../../hardware/bench/limits-file.ts";
import { placeOf } from "../../../hardware/bench/places.ts";
import { estimateMs, parsePlan, pointsOf } from "../../../hardware/bench/plan.ts";
import { parseRecord } from "../../../hardware/bench/record.ts";
import { runBench } from "../../../hardware/bench/run-bench.ts";
import type { BenchResult } from "../../../hardware/bench/verdict.ts";
import { estimateText, tableOf } from "../../../hardware/bench/words.ts";
import { writeOutputs } from "../../../hardware/bench/write-files.ts";
import { type Command, InputError, numberOption, UsageError } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { nearest } from "../nearest.ts";
import { readText } from "../read-text.ts";

/** Of a file that a bench is given; a record of all the points that a plan may have has a tenth of it. */
const FILE_SIZE_MAX = 64 * 1024 * 1024;
/** A program that switches power or turns an attenuator. */
const PROGRAM_WITHIN_MS = 120_000;

const seed = { value: "S", default: "1", about: "of virtual radios, a whole number" } as const;

export const bench: Command = {
  words: ["bench"],
  takes: "MAP PLAN",
  about: "Measures radios: every rate, payload, number of links and attenuation of a plan, on the radios of a map.",
  more: "docs/bench.md has the words of MAP and PLAN. With --json the record goes to the standard output.",
  options: {
    only: { value: "SELECTION", many: true, about: "a part of the plan, as in payload=244,links=1" },
    limits: { value: "FILE", about: "what the figures must keep" },
    baseline: { value: "RECORD", about: "an earlier record: worse than that is a failure" },
    record: { value: "FILE", about: "writes the record, JSON" },
    csv: { value: "FILE", about: "a row a point and measurement" },
    junit: { value: "FILE", about: "a case a point" },
    seed,
  },
  async run(input, io) {
    if (input.operands.length !== 2) throw new UsageError("bench takes a MAP and a PLAN");
    const [mapPath, planPath] = input.operands;
    const map = await parsed(mapPath, parseHardwareMap);
    const plan = await parsed(planPath, parsePlan);
    const [limitsPath, baselinePath] = [input.text("limits"), input.text("baseline")];
    const limits = limitsPath === undefined ? undefined : await parsed(limitsPath, parseLimits);
    const baseline = baselinePath === undefined ? undefined : await parsed(baselinePath, parseRecord);
    const only = input.all("only");
    const points = whole(pointsOf(plan, map, only, suggest));
    const place = placeOf(map, { seed: numberOption(input, "seed", 0, Number.MAX_SAFE_INTEGER) });
    io.err(
      `${points.length} points, ${estimateText(estimateMs(plan, points))}${place.isVirtual ? " of virtual time" : ""}.`,
    );
    try {
      const ports = {
        ...{ place, suggest, run: programs(io.signal), startedAt: new Date().toISOString() },
        ...{ ask: io.ask, say: io.err, progress: io.progress, signal: io.signal },
      };
      const options = {
        only,
        ...(limits === undefined ? {} : { limits }),
        ...(baseline === undefined ? {} : { baseline }),
      };
      const result = await runBench(map, plan, ports, options);
      if ("record" in result) {
        if (io.json) io.record(result.record);
        else for (const line of tableOf(result.record)) io.out(line);
        const [json, csv, junit] = [input.text("record"), input.text("csv"), input.text("junit")];
        const files = {
          ...(json === undefined ? {} : { json }),
          ...(csv === undefined ? {} : { csv }),
          ...(junit === undefined ? {} : { junit }),
        };
        const written = await writeOutputs(result.record, files);
        if (!written.ok) {
          io.err(`${written.why}\nNext: ${written.next}`);
          return "failed";
        }
      }
      if (!result.ok) io.err(`${result.why.replace(/\.$/, "")}.\nNext: ${result.next}`);
      return EXIT_OF[result.code];
    } finally {
      place.close();
    }
  },
};

export const benchDual: Command = {
  words: ["bench", "dual"],
  takes: "MAP SUBJECT",
  about: "Proves, or not, that a board can be server and client at once.",
  more: "The MAP has three radios: the SUBJECT by name, a server and a client.",
  options: { seed },
  async run(input, io) {
    if (input.operands.length !== 2) throw new UsageError("bench dual takes a MAP and the name of a SUBJECT");
    const [mapPath, name] = input.operands;
    const map = await parsed(mapPath, parseHardwareMap);
    const who = subjectOf(map, name);
    const place = placeOf(map, { seed: numberOption(input, "seed", 0, Number.MAX_SAFE_INTEGER) });
    try {
      const verdict = await probeDual(place, who, io.signal);
      if (io.json) io.record(verdict);
      for (const { name: step, ok, why } of verdict.steps)
        io.err(`${ok ? "passed" : "failed"}  ${step}${why === "" ? "" : `: ${why}`}`);
      if (!io.json) io.out(`${verdict.board}: dual: ${verdict.verdict}. ${verdict.next}`);
      return DUAL_EXITS[verdict.verdict];
    } finally {
      place.close();
    }
  },
};

const EXIT_OF: { readonly [code in BenchResult["code"]]: Exit } = Object.freeze({
  done: "done",
  mapWrong: "usage",
  planWrong: "usage",
  radioMissing: "missing",
  interrupted: "interrupted",
  unmeasured: "failed",
  limitsExceeded: "limits",
  worseThanBaseline: "limits",
});

const DUAL_EXITS: { readonly [verdict in DualVerdict["verdict"]]: Exit } = Object.freeze({
  yes: "done",
  no: "limits",
  notOffered: "limits",
  unknown: "failed",
});

const suggest: Suggest = (word, words) => nearest(word, words);

async function parsed<T>(path: string, parse: (path: string, text: string, suggest: Suggest) => Parsed<T>): Promise<T> {
  return whole(parse(path, await readText(path, FILE_SIZE_MAX), suggest));
}

function whole<T>(result: Parsed<T>): T {
  if (result.ok) return result.value;
  throw new InputError("usage", result.why, result.next);
}

function subjectOf(map: HardwareMap, name: string) {
  const subject = map.radios.find((radio) => radio.name === name);
  if (subject === undefined) throw new UsageError(`the map has no radio "${name}"`);
  const others = map.radios.filter((radio) => radio !== subject && radio.group === subject.group);
  const [server, client] = (["server", "client"] as const).map((role) => others.find((radio) => radio.role === role));
  if (server === undefined || client === undefined) {
    throw new UsageError(`in the group "${subject.group}" there must be a server and a client beside "${name}"`);
  }
  return { subject, server, client };
}

/** Of a program's output only what it says of a failure is shown. Ctrl-C ends the one that runs; those that leave the bench
 * in order come after it. */
const programs =
  (signal: AbortSignal) =>
  ([program, ...args]: readonly string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"], timeout: PROGRAM_WITHIN_MS });
      const onAbort = (): boolean => child.kill();
      if (!signal.aborted) signal.addEventListener("abort", onAbort);
      const end = (ran: Ran): void => {
        signal.removeEventListener("abort", onAbort);
        resolve(ran);
      };
      child.once("error", (error) => end({ ok: false, why: error.message }));
      child.once("exit", (code, killed) => {
        const how = killed === null ? `ended with code ${code}` : `was ended by ${killed}`;
        end(code === 0 ? { ok: true } : { ok: false, why: `${program} ${how}` });
      });
    });
