/** Why a build did not come about, and what a person can do. */
export interface Refusal {
  readonly ok: false;
  readonly why: string;
  readonly next: string;
}
