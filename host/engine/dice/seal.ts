/** The number that hides a share: only its dealer and the one who is dealt to can compute it. */
import { encode } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { DealerContext } from "./deal-context.ts";
import { Element } from "./element.ts";
import { Holder } from "./partial.ts";
import type { Group } from "./ports.ts";

const Seal = struct("Seal", { context: DealerContext, holder: Holder, shared: Element });

/** `shared`: the holder's key times what the dealer sealed with, which is the dealer's sealing times the holder's secret. */
export const sealMask = <E>(group: Group<E>, context: DealerContext, holder: number, shared: Uint8Array): bigint =>
  group.hashToScalar("hardway dice seal", encode(Seal, { context, holder, shared }));
