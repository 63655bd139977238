/** Our SLIP beside @serialport/parser-slip-encoder: whole frames of random bytes, one a call, through the public calls of
 * both. */
import { SlipDecoder, SlipEncoder } from "@serialport/parser-slip-encoder";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, chance, drawBytes } from "../../protocol/core/chance.ts";
import { slip, slipDecode, slipEncode, slipSizeMax } from "../../protocol/frame/slip.ts";
import { type Row, race } from "./bench.ts";

/** More than a processor's branch prediction learns by heart. */
const FRAME_COUNT = 64;

export function bench(): Row[] {
  const from = chance(1);
  return [decoding("decode-150", 150, from), decoding("decode-1000", 1000, from), encoding("encode-1000", 1000, from)];
}

function decoding(metric: string, size: number, from: Chance): Row {
  const frames = someFrames(size, from);
  const wires = frames.map(onWire);
  const decoder = slip(size);
  // In object mode it emits frames, else whatever the stream has gathered.
  const theirs = new SlipDecoder({ objectMode: true });
  const ours = (at: number): Uint8Array | undefined => {
    slipDecode(decoder, wires[at]!, 0);
    return decoder.frame;
  };
  const baseline = (at: number): Uint8Array | undefined => {
    theirs.write(wires[at]);
    return theirs.read() as Uint8Array;
  };
  return compare(metric, frames, ours, baseline);
}

function encoding(metric: string, size: number, from: Chance): Row {
  const frames = someFrames(size, from);
  const wire = new Uint8Array(slipSizeMax(size));
  const theirs = new SlipEncoder({ objectMode: true });
  const ours = (at: number): Uint8Array => wire.subarray(0, slipEncode(frames[at]!, wire, 0));
  const baseline = (at: number): Uint8Array => {
    theirs.write(frames[at]);
    return theirs.read() as Uint8Array;
  };
  return compare(metric, frames.map(onWire), ours, baseline);
}

type Call = (at: number) => Uint8Array | undefined;

function compare(metric: string, expected: readonly Uint8Array[], ours: Call, baseline: Call): Row {
  for (const [at, bytes] of expected.entries()) {
    for (const call of [ours, baseline]) {
      assert(
        Buffer.compare(call(at) ?? new Uint8Array(0), bytes) === 0,
        "a figure counts for frames that come out right",
      );
    }
  }
  let turn = 0;
  let baselineTurn = 0;
  const { oursNs, baselineNs, ratio } = race({
    ours: () => ours(turn++ % FRAME_COUNT),
    baseline: () => baseline(baselineTurn++ % FRAME_COUNT),
  });
  return { metric, value: oursNs, unit: "ns", baseline: baselineNs, ratio };
}

/** Buffers, which both sides take. */
const someFrames = (size: number, from: Chance): Buffer[] =>
  Array.from({ length: FRAME_COUNT }, () => Buffer.from(drawBytes(from, size)));

function onWire(frame: Uint8Array): Buffer {
  const wire = new Uint8Array(slipSizeMax(frame.length));
  return Buffer.from(wire.subarray(0, slipEncode(frame, wire, 0)));
}
