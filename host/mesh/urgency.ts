/** How urgent a message is on its way. A heartbeat can wait, but a kiosk that saves power lets nothing through that can: what it
 * says of itself then, which is what keeps it from being missed, is as urgent as what its radios still carry. */
import { CRITICAL, NORMAL, type PacketClass } from "../../protocol/core/packet-class.ts";
import { kindOf, type Message } from "../../protocol/message/kinds.ts";

export function classOf(message: Message): PacketClass {
  if (message.type === "heartbeat" && message.power === "sleep") return CRITICAL;
  if (message.type === "heartbeat" && message.power === "lowPower") return NORMAL;
  return kindOf(message.type).packetClass;
}
