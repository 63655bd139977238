/** What one radio's host says to the other's over a connection: the attribute protocol within L2CAP (Bluetooth Core, Vol 3
 * Part A 3.1 and Part F 3.4). A client writes to `up`, a server notifies of `down`. */
import type { Item } from "../air/outgoing.ts";
import { joined, le16 } from "./little.ts";

/** As a stack would number our service's attributes behind the two services that every device has. */
export const UP_HANDLE = 0x0012;
export const DOWN_HANDLE = 0x0014;

const ATTRIBUTE_CHANNEL = 0x0004;
const EXCHANGE_MTU_REQUEST = 0x02;
const EXCHANGE_MTU_RESPONSE = 0x03;
const HANDLE_VALUE_NOTIFICATION = 0x1b;
const WRITE_COMMAND = 0x52;

/** Undefined for what the link layer says by itself. */
export function l2capOf(item: Item, from: "client" | "server"): Uint8Array | undefined {
  const attribute = attributeOf(item, from);
  return attribute === undefined ? undefined : joined(le16(attribute.length), le16(ATTRIBUTE_CHANNEL), attribute);
}

function attributeOf(item: Item, from: "client" | "server"): Uint8Array | undefined {
  switch (item.kind) {
    case "value":
      return from === "client"
        ? joined([WRITE_COMMAND], le16(UP_HANDLE), item.bytes)
        : joined([HANDLE_VALUE_NOTIFICATION], le16(DOWN_HANDLE), item.bytes);
    case "mtuRequest":
      return joined([EXCHANGE_MTU_REQUEST], le16(item.mtu));
    case "mtuResponse":
      return joined([EXCHANGE_MTU_RESPONSE], le16(item.mtu));
    case "parameters":
    case "terminate":
      return undefined;
  }
}
