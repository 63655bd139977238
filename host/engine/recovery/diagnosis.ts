/** The words for what is wrong. */

export type Failure =
  /** Signed bytes prove it. */
  | "byzantine"
  /** Others hear it, or we hear it and it does not hear us. */
  | "messageLoss"
  /** Missed three heartbeats, and may only be late; or a quorum is here and decides nothing. */
  | "timeout"
  /** Nobody hears it, and it is alone with that. */
  | "crash"
  /** Several are missing who hear each other, or everybody is. */
  | "partition";

export interface Diagnosis {
  readonly failure: Failure;
  /** One bit each; nobody where it is the table as a whole. */
  readonly members: number;
}

export const isSameDiagnosis = (left: readonly Diagnosis[], right: readonly Diagnosis[]): boolean =>
  left.length === right.length &&
  left.every(({ failure, members }, at) => failure === right[at].failure && members === right[at].members);
