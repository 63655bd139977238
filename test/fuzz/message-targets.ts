/** What peers say through the mesh: envelopes, what is signed, and every kind of message. */
import fc from "fast-check";
import { encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { ENVELOPE_SIZE_MAX, HOPS_MAX } from "../../protocol/core/limits.ts";
import { millis } from "../../protocol/core/units.ts";
import { decrementHops, Envelope } from "../../protocol/envelope/envelope.ts";
import { type OpenPorts, open } from "../../protocol/envelope/open.ts";
import { SIGNING_DOMAIN, Signing } from "../../protocol/envelope/signing.ts";
import { kinds, Message } from "../../protocol/message/kinds.ts";
import { examples as envelopes } from "../protocol/envelope/examples.ts";
import { context, member, NOW, sealBy, stranger } from "../protocol/envelope/people.ts";
import { anyMessage, anySender, arbitraries } from "../protocol/message/arbitrary.ts";
import { examples } from "../protocol/message/examples.ts";
import { layout, type Target } from "./target.ts";

const SAMPLE = { seed: 1, numRuns: 24 };

/** Holds or not by a byte of the signature, so that both ways are walked and none costs a real check. */
const verifying: OpenPorts = { verify: (_key, _signed, signature) => signature[0] % 8 !== 0 };

const sealed = [
  ...envelopes.map(({ message, sender, options }) => sealBy(message, sender, options)),
  ...fc.sample(anyMessage, SAMPLE).map((message, at) => sealBy(message, member(at % 4, 1000 + at))),
  ...fc
    .sample(arbitraries.heartbeat, SAMPLE)
    .map((message, at) => sealBy(message, stranger(at, NOW), { packAbove: at * 8 })),
];

/** Opened once, refused as a repetition after that, and one hop shorter for whoever hears it from us. */
const envelope: Target = {
  seeds: sealed,
  // A packed body unpacks to a packet at most.
  weightMax: () => 8 * ENVELOPE_SIZE_MAX,
  run(bytes) {
    const here = context();
    const opened = open(bytes, here, verifying);
    if (!opened.ok) return [opened, open(bytes, here, verifying)];
    assert(opened.hops <= HOPS_MAX, "hops keep their bound");
    assert(opened.signed.length <= ENVELOPE_SIZE_MAX, "what was signed fits a packet");
    const again = open(bytes, here, verifying);
    assert(!again.ok && again.why === "repeated", "what was opened is not opened again");
    const relayed = decrementHops(bytes);
    if (relayed === "exhausted") {
      assert(opened.hops === 0, "only the last hop is the last");
    } else {
      const next = open(relayed, context(undefined, millis(NOW + 1000)), verifying);
      assert(next.ok && next.hops === opened.hops - 1, "a relay's copy opens as what it was, a hop less");
    }
    return opened;
  },
};

const signings = fc
  .sample(fc.tuple(anySender, anyMessage), SAMPLE)
  .map(([sender, message]) => encode(Signing, { head: { domain: SIGNING_DOMAIN, major: 1, sender }, message }));

const messages = Object.fromEntries(
  kinds.map(({ type }) => {
    const samples = [examples[type], ...fc.sample(arbitraries[type] as fc.Arbitrary<Message>, SAMPLE)];
    const target = layout(
      Message,
      samples.map((message) => encode(Message, message)),
    );
    return [`message/${type}`, target];
  }),
);

export const messageTargets: { readonly [name: string]: Target } = {
  envelope,
  "envelope/layout": layout(Envelope, sealed),
  signing: layout(Signing, signings),
  ...messages,
};
