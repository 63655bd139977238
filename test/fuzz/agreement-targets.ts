/** What members say to agree: the open envelope, each of its cases, what is signed, and what is shown against a member. */
import fc from "fast-check";
import { CheckpointHeader, ViewChangeBody } from "../../protocol/agreement/certificate.ts";
import { Evidence } from "../../protocol/agreement/evidence.ts";
import { Batch } from "../../protocol/agreement/request.ts";
import { Said, saidKinds } from "../../protocol/agreement/said.ts";
import { Statement } from "../../protocol/agreement/statement.ts";
import { type Codec, encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { HOPS_MAX } from "../../protocol/core/limits.ts";
import { decrementHops, isSaid } from "../../protocol/envelope/envelope.ts";
import { SAID_SIZE_MAX } from "../../protocol/envelope/limits.ts";
import { open } from "../../protocol/envelope/open.ts";
import { openSaid } from "../../protocol/envelope/open-said.ts";
import { sealSaid } from "../../protocol/envelope/seal-said.ts";
import {
  anyBatch,
  anySaid,
  anyViewChangeBody,
  evidenceArbitraries,
  saidOf,
  sayingArbitraries,
  statementsOf,
} from "../protocol/agreement/arbitrary.ts";
import { evidenceExamples, objectExamples, saidExamples } from "../protocol/agreement/examples.ts";
import { openExamples } from "../protocol/envelope/examples.ts";
import { context, table } from "../protocol/envelope/people.ts";
import { INPUT_SIZE_MAX } from "./fuzz.ts";
import { layout, layoutWeightMax, same, type Target } from "./target.ts";

const SAMPLE = { seed: 1, numRuns: 24 };

const sealed = [
  ...openExamples.map(({ said, options }) => sealSaid(said, table(), options).bytes),
  ...fc
    .sample(anySaid, SAMPLE)
    .filter((said) => encode(Said, said).length <= SAID_SIZE_MAX)
    .map((said, at) => sealSaid(said, table(), { repeat: at, packAbove: at * 8 }).bytes),
];

/** Opened as often as it comes, one hop shorter for whoever hears it from us, and never taken for something sealed. */
const envelope: Target = {
  seeds: sealed,
  // A packed body unpacks to a packet at most.
  weightMax: () => layoutWeightMax(SAID_SIZE_MAX),
  run(bytes) {
    const here = context();
    const opened = openSaid(bytes, here);
    if (!opened.ok) return opened;
    assert(isSaid(bytes) && opened.hops <= HOPS_MAX, "hops keep their bound");
    assert(opened.body.length <= SAID_SIZE_MAX, "what is said fits a packet");
    assert(same(encode(Said, opened.said), opened.body), "one saying has one encoding");
    const sealedWay = open(bytes, here, { verify: () => true });
    assert(!sealedWay.ok && sealedWay.why === "said openly", "what is said openly is not sealed");
    const relayed = decrementHops(bytes);
    if (relayed === "exhausted") {
      assert(opened.hops === 0, "only the last hop is the last");
    } else {
      const next = openSaid(relayed, here);
      assert(next.ok && next.hops === opened.hops - 1, "a relay's copy says what it said, a hop less");
    }
    const { said, packetClass, hops, repeat } = opened;
    return { said, packetClass, hops, repeat };
  },
};

function target<T>(codec: Codec<T>, examples: readonly T[], values: fc.Arbitrary<T>): Target {
  const all = [...examples, ...fc.sample(values, SAMPLE)].map((value) => encode(codec, value));
  return layout(
    codec,
    all.filter((bytes) => bytes.length < INPUT_SIZE_MAX),
  );
}

const said = saidKinds.map(({ type }) => {
  const examples = saidExamples.map(({ value }) => value).filter((value) => value.type === type);
  return [`said/${type}`, target(Said, examples, saidOf(type))] as const;
});

const statements = Object.entries(sayingArbitraries).map(
  ([type, saying]) =>
    [`statement/${type}`, target(Statement, [], statementsOf(saying as Parameters<typeof statementsOf>[0]))] as const,
);

const evidence = Object.entries(evidenceArbitraries).map(([type, values]) => {
  const examples = evidenceExamples.map(({ value }) => value).filter((value) => value.type === type);
  return [`evidence/${type}`, target(Evidence, examples, values as fc.Arbitrary<Evidence>)] as const;
});

const headers = fc
  .sample(saidOf("checkpoint"), SAMPLE)
  .flatMap((each) => (each.type === "checkpoint" ? [each.proof.header] : []));

export const agreementTargets: { readonly [name: string]: Target } = {
  said: envelope,
  ...Object.fromEntries([...said, ...statements, ...evidence]),
  "object/batch": target(Batch, [objectExamples.batch], anyBatch),
  "object/viewChange": target(ViewChangeBody, [objectExamples.body], anyViewChangeBody),
  "object/header": target(CheckpointHeader, headers, fc.constant(objectExamples.header)),
};
