/** What the key–value machine is asked, and what it answers. The last field of each layout needs no length, so that setting
 * a key of three bytes to a value of three takes eight. */
import { blob, rest } from "../../../protocol/bytes/blobs.ts";
import { branded, type Codec, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct, union } from "../../../protocol/bytes/compound.ts";
import { varint } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { OPERATION_SIZE_MAX, RESULT_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { KEY_SIZE_MAX, TIME_TO_LIVE_MAX_MS, VALUE_SIZE_MAX } from "./limits.ts";

/** Agreed milliseconds from the batch that sets the key. None at all would be a key that was never there. */
const TimeToLive = branded(atLeastOne(varint(TIME_TO_LIVE_MAX_MS)), millis);

export const KeyValueOperation = union("KeyValueOperation", {
  set: [0x01, struct("Set", { key: blob(KEY_SIZE_MAX), value: rest(VALUE_SIZE_MAX) })],
  /** The key goes by itself when its time is up; to set it again in either way replaces that. */
  setForTime: [
    0x02,
    struct("SetForTime", { key: blob(KEY_SIZE_MAX), timeToLiveMs: TimeToLive, value: rest(VALUE_SIZE_MAX) }),
  ],
  /** Ordered like a write: an answer from one member's own state is that member's word alone. */
  get: [0x03, struct("Get", { key: rest(KEY_SIZE_MAX) })],
  delete: [0x04, struct("Delete", { key: rest(KEY_SIZE_MAX) })],
});
export type KeyValueOperation = ValueOf<typeof KeyValueOperation>;

export const KeyValueResult = union("KeyValueResult", {
  ok: [0x01, struct("Ok", {})],
  value: [0x02, struct("Value", { value: rest(VALUE_SIZE_MAX) })],
  notFound: [0x03, struct("NotFound", {})],
  deleted: [0x04, struct("Deleted", {})],
  invalidOperation: [0x05, struct("InvalidOperation", {})],
  /** There is no room for one more key. */
  full: [0x06, struct("Full", {})],
});
export type KeyValueResult = ValueOf<typeof KeyValueResult>;

function atLeastOne(inner: Codec<number>): Codec<number> {
  return {
    ...inner,
    text: `${inner.text}, at least 1`,
    write(out, value) {
      assert(value >= 1, "a time to live is some time");
      inner.write(out, value);
    },
    read(from) {
      const value = inner.read(from);
      if (value === 0) from.fail("out of range");
      return value;
    },
  };
}

assert(KeyValueOperation.sizeMax <= OPERATION_SIZE_MAX, "every operation fits a request");
assert(KeyValueResult.sizeMax <= RESULT_SIZE_MAX, "every result fits a reply");
