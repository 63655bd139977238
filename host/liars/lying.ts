/**
 * What stands between a dishonest kiosk and its links: an honest one runs underneath, and what leaves it is said otherwise, to some
 * or to all. A liar has its own key and what it hears, and nothing else; what it makes up leaves over its own links, in envelopes
 * like any other. It may begin to lie, and cease, at any time.
 */
import { draw, drawBelow } from "../../protocol/core/chance.ts";
import { HIGH, type PacketClass } from "../../protocol/core/packet-class.ts";
import type { LinkName, OpenTransport, Transport } from "../node/transport.ts";
import { envelopeIn, withEnvelope } from "./along-a-way.ts";
import { forgedDecision, forgedPartial, forgedProof } from "./forgeries.ts";
import type { LiarHand } from "./hand.ts";
import { ownReveal, ownSaid } from "./own-words.ts";
import { otherwise } from "./two-tongues.ts";

/** Of what the mesh has not sent. */
const OWN_TOKEN = -1;
/** Packets that it keeps to send again. */
const KEPT_COUNT = 64;
/** In so many of the chances that it has it lies. */
const ZEAL = 0.3;
/** And of the packets that give it no chance, so many remind it of one. */
const UNASKED = 0.02;
/** A primary that is a little faster than whoever gives up on it. */
const SLOW_MS = 1_200;

export function lying(open: OpenTransport, hand: LiarHand): OpenTransport {
  const { chance } = hand;
  const kept: { readonly packet: Uint8Array; readonly packetClass: PacketClass }[] = [];
  /** To every other link it is one thing, and to the rest another; now and then they change places. */
  let sides = drawBelow(chance, 2);
  return (listener) => {
    const ends = new Set<LinkName>();
    const transport: Transport = open({
      ...listener,
      onSettled(token, outcome) {
        if (token !== OWN_TOKEN) listener.onSettled(token, outcome);
      },
      onUp(link, peer) {
        ends.add(link);
        listener.onUp(link, peer);
      },
      onDown(link) {
        ends.delete(link);
        listener.onDown(link);
      },
    });
    hand.say = (packetClass, packet) => {
      for (const link of ends) transport.send(link, packetClass, packet, OWN_TOKEN);
    };
    /** Half of them, as near as may be, however few they are. */
    const isOtherSide = (link: LinkName): boolean => (([...ends].indexOf(link) + sides) & 1) === 1;
    const keeps = (token: number): void => {
      hand.onAct();
      hand.after(1, () => listener.onSettled(token, "sent"));
    };
    return {
      ...transport,
      send(link, packetClass, packet, token) {
        const pass = (): void => transport.send(link, packetClass, packet, token);
        const envelope = envelopeIn(packet);
        const say = (otherEnvelope: Uint8Array | undefined): void => {
          const other = otherEnvelope && withEnvelope(packet, otherEnvelope);
          if (other !== undefined) hand.onAct();
          transport.send(link, packetClass, other ?? packet, token);
        };
        if (draw(chance) < 0.002) sides = drawBelow(chance, 2);
        switch (hand.lie) {
          case "selectiveSilence":
            if (isOtherSide(link)) keeps(token);
            else pass();
            return;
          case "withholding":
            if (isOtherSide(link) && ownSaid(hand, envelope) !== undefined) keeps(token);
            else pass();
            return;
          case "withheldPartial":
            if (ownReveal(hand, envelope) !== undefined) keeps(token);
            else pass();
            return;
          case "replay": {
            if (kept.length < KEPT_COUNT) kept.push({ packet: packet.slice(), packetClass });
            else kept[drawBelow(chance, KEPT_COUNT)] = { packet: packet.slice(), packetClass };
            const old = kept[drawBelow(chance, kept.length)];
            if (draw(chance) < ZEAL) {
              hand.onAct();
              transport.send(link, old.packetClass, old.packet, token);
            } else pass();
            return;
          }
          case "equivocation":
            say(isOtherSide(link) ? otherwise(hand, envelope) : undefined);
            return;
          case "mutation":
            say(draw(chance) < ZEAL ? otherwise(hand, envelope) : undefined);
            return;
          case "forgedCertificates": {
            say(draw(chance) < ZEAL ? forgedProof(hand, envelope) : undefined);
            if (draw(chance) >= UNASKED) return;
            const unasked = forgedDecision(hand);
            if (unasked === undefined) return;
            hand.onAct();
            hand.say?.(HIGH, unasked);
            return;
          }
          case "forgedPartial":
            say(forgedPartial(hand, envelope));
            return;
          case "slowPrimary": {
            const said = ownSaid(hand, envelope);
            if (said?.type !== "ballot" || said.proposals === undefined) return pass();
            hand.onAct();
            hand.after(SLOW_MS, () => {
              if (ends.has(link)) pass();
            });
            return;
          }
          default:
            pass();
        }
      },
    };
  };
}
