/** Those who lie where views change, on their own links: what stands between an honest kiosk's mesh and the air says some of its words
 * otherwise, under its own key. */
import { primaryOf } from "../../host/engine/consensus/quorums.ts";
import { signNewView, signViewChange } from "../../host/engine/consensus/statements.ts";
import { objectName } from "../../host/engine/objects/tree.ts";
import { envelopeIn, withEnvelope } from "../../host/liars/along-a-way.ts";
import { type LiarHand, replicaOf } from "../../host/liars/hand.ts";
import { saidIn } from "../../host/liars/own-words.ts";
import type { LinkName, OpenTransport, Transport } from "../../host/node/transport.ts";
import { ViewChangeBody } from "../../protocol/agreement/certificate.ts";
import type { Said } from "../../protocol/agreement/said.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import { epoch, sequence, type View } from "../../protocol/core/units.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import type { Deed } from "./kinds.ts";

export interface ViewLiar {
  deed: Deed | undefined;
  readonly hand: LiarHand;
}

export function lyingOfViews(open: OpenTransport, of: ViewLiar): OpenTransport {
  const { hand } = of;
  return (listener) => {
    const transport: Transport = open(listener);
    return {
      ...transport,
      send(link: LinkName, packetClass: PacketClass, packet: Uint8Array, token: number) {
        const other = of.deed === undefined ? packet : told(of, packet);
        if (other !== packet) hand.onAct();
        if (other !== undefined) transport.send(link, packetClass, other, token);
        else hand.after(1, () => listener.onSettled(token, "sent"));
      },
    };
  };
}

/** Undefined where it says nothing. */
function told(of: ViewLiar, packet: Uint8Array): Uint8Array | undefined {
  const envelope = envelopeIn(packet);
  const other = toldIn(of, envelope);
  if (other === undefined || other === envelope) return other && packet;
  return withEnvelope(packet, other) ?? packet;
}

function toldIn({ deed, hand }: ViewLiar, envelope: Uint8Array): Uint8Array | undefined {
  const of = replicaOf(hand);
  const said = saidIn(hand, envelope);
  if (of === undefined || said === undefined) return envelope;
  const sealed = (other: Said): Uint8Array => sealSaid(other, { id: of.table, epoch: epoch(of.epoch) }).bytes.slice();
  switch (deed) {
    case "silentLeader":
      return said.type === "ballot" && said.ballot.sender === of.me && primaryOf(of, of.view) === of.me
        ? undefined
        : envelope;
    case "falseNewView": {
      if (said.type !== "newView" || said.sender !== of.me) return envelope;
      // The same lie to everybody: history goes on from somewhere else.
      const { newView } = said;
      const digest = newView.result.digest.map((byte) => byte ^ 0xff);
      const result = { sequence: sequence(newView.result.sequence), digest };
      return sealed({ type: "newView", ...signNewView(of, hand.ports, of.me, { ...newView, result }) });
    }
    case "amnesia": {
      if (said.type !== "viewChange" || said.change.sender !== of.me) return envelope;
      const body = encode(ViewChangeBody, forgotten(said.change.view, of.epochStart)).slice();
      const name = { view: said.change.view, body: objectName(hand.ports, body) };
      return sealed({ type: "viewChange", change: signViewChange(of, hand.ports, of.me, name), body });
    }
    default:
      return envelope;
  }
}

/** It has seen nothing since the epoch began. */
const forgotten = (view: View, prefix: ViewChangeBody["prefix"]): ViewChangeBody => ({
  ...{ view, prefix, checkpoint: undefined, decision: undefined, certificates: [], claims: [] },
});
