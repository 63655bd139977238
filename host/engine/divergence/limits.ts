/** What a look for divergence takes in at once. */
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";

/** Checkpoints of one member that are compared: those between two watermarks, some of the past, and room for lies. */
const REPORTS_PER_MEMBER_MAX = 32;
export const REPORTS_MAX = MEMBERS_MAX * REPORTS_PER_MEMBER_MAX;
