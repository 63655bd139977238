/** Packets are cut, their fragments encoded, and given to a reassembler shuffled, repeated and mixed with each other.
 * COUNT groups of four packets; prints what came of each and a digest of every verdict. */
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance, drawBelow } from "../../../protocol/core/chance.ts";
import { GATT_VALUE_SIZE_MAX, MTU_MIN, ORDER_COUNT, REASSEMBLY_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { Fragment, packetId } from "../../../protocol/packet/fragment.ts";
import { letGo, reassemble, reassembler } from "../../../protocol/packet/reassembler.ts";
import { partCount, partOf, partSize } from "../../../protocol/packet/splitter.ts";
import { isPacket, packetOf } from "./packets.ts";
import { tellMemory } from "./tell-memory.ts";
import { digestOf, note, trace } from "./trace.ts";

const GROUP_SIZE = 4;
const [count = 8, seed = 1] = host.args.map(Number);
const random = chance(seed);
const seen = trace();
const state = reassembler(REASSEMBLY_SIZE_MAX);

/** The fragments of a packet as bytes, those of a packet that fits one left out: it needs no reassembly. */
function fragmentsOf(number: number, valueSize: number): Uint8Array[] {
  const packet = packetOf(number);
  const size = partSize(packet.length, valueSize);
  const parts = partCount(packet.length, size);
  const fragments: Uint8Array[] = [];
  for (let index = 0; index < parts && parts > 1; index++) {
    const last = index === parts - 1 ? 1 : 0;
    const mark = { last, class: number % GROUP_SIZE, order: number % ORDER_COUNT };
    const payload = partOf(packet, size, index);
    const fragment: Fragment = {
      type: "part",
      sequence: index & 0xff,
      expected: 0,
      seen: 0,
      packet: mark,
      index,
      payload,
    };
    fragments.push(encode(Fragment, fragment));
  }
  return fragments;
}

function shuffle(random: Chance, items: unknown[]): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = drawBelow(random, at + 1);
    [items[at], items[other]] = [items[other], items[at]];
  }
}

tellMemory();
let expected = 0;
let complete = 0;
let repeated = 0;
let wrong = 0;
for (let group = 0; group < count; group++) {
  const valueSize = group % 2 === 0 ? GATT_VALUE_SIZE_MAX : 4 * MTU_MIN;
  const air: Uint8Array[] = [];
  const open: number[] = [];
  for (let i = 0; i < GROUP_SIZE; i++) {
    const number = group * GROUP_SIZE + i;
    const fragments = fragmentsOf(number, valueSize);
    if (fragments.length === 0) continue;
    expected += 1;
    open.push(number);
    air.push(...fragments);
  }
  shuffle(random, air);
  for (let i = 0; i < air.length; i++) {
    const decoded = decode(Fragment, air[i]);
    assert(decoded.ok && decoded.value.type === "part", "what was encoded is a part");
    const { packet, index, payload } = decoded.value;
    // Of what came a while ago, and of packets complete by now, nothing comes again: an outbox filters that by sequence.
    for (let times = drawBelow(random, 3) === 0 ? 2 : 1; times > 0; times--) {
      const id = packetId(packet.class, packet.order);
      const got = reassemble(state, id, index, packet.last === 1, payload, millis(i));
      note(seen, got);
      if (got.type === "repeated") repeated += 1;
      if (got.type === "refused") wrong += 1;
      if (got.type !== "complete") continue;
      complete += 1;
      const number = open.find((each) => each % GROUP_SIZE === packet.class) ?? 0;
      if (!isPacket(number, got.bytes)) wrong += 1;
      letGo(state, got.claimed);
      break;
    }
  }
  note(seen, state);
}
host.print(JSON.stringify({ expected, complete, repeated, wrong, slots: state.slots.length, size: state.size }));
host.print(`digest ${digestOf(seen)}`);
